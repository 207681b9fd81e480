import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Running as Non-root" */
export const runAsNonRoot = containerRule(
    {
        name: "run-as-non-root",
        group: "security",
        description: "No container runs as root. Whoever breaks out of one is then nobody on the node.",
    },
    ({ securityContext: own }, { spec: { securityContext: pods } }) => [
        (own?.runAsNonRoot ?? pods?.runAsNonRoot) === true
            ? undefined
            : "may run as root; set securityContext.runAsNonRoot: true, of the Pod or the container",
        (own?.runAsUser ?? pods?.runAsUser) === 0
            ? "runs as user 0; set securityContext.runAsUser to another, e.g. 1000"
            : undefined,
    ],
);
