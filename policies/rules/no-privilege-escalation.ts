import { isOfWindows } from "../pod-specs.ts";
import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Privilege Escalation" */
export const noPrivilegeEscalation = containerRule(
    {
        name: "no-privilege-escalation",
        group: "security",
        ofPatches: true,
        description: "No container is privileged or can gain privileges. A privileged container is root on the node.",
    },
    ({ securityContext }, pod) => [
        securityContext?.privileged === true ? "is privileged; remove securityContext.privileged" : undefined,
        isOfWindows(pod) || (securityContext?.allowPrivilegeEscalation ?? !pod.object.isPatch) === false
            ? undefined
            : "can gain privileges; set securityContext.allowPrivilegeEscalation: false",
    ],
);
