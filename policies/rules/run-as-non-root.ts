import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Running as Non-root" */
export const runAsNonRoot = containerRule(
    {
        name: "run-as-non-root",
        group: "security",
        description: "No container runs as root. An attacker who escapes from it then has no privileges on the node.",
    },
    ({ securityContext: own }, { spec: { securityContext: pods } }) => [
        (own?.runAsNonRoot ?? pods?.runAsNonRoot) === true
            ? undefined
            : "can run as root; set securityContext.runAsNonRoot: true in the Pod or the container",
        (own?.runAsUser ?? pods?.runAsUser) === 0
            ? "runs as user 0; set securityContext.runAsUser to another, e.g. 1000"
            : undefined,
        // PSS rejects these values of the Pod even if each container overrides them.
        own?.runAsNonRoot === true && pods?.runAsNonRoot === false
            ? "is in a Pod that can run as root, which PSS restricted refuses; remove runAsNonRoot from the Pod's securityContext"
            : undefined,
        (own?.runAsUser ?? 0) !== 0 && pods?.runAsUser === 0
            ? "is in a Pod that runs as user 0, which PSS restricted refuses; remove runAsUser from the Pod's securityContext"
            : undefined,
    ],
);
