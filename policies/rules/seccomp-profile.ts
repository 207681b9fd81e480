import { isOfWindows } from "../pod-specs.ts";
import { containerRule } from "../rule.ts";

const confined: readonly unknown[] = ["RuntimeDefault", "Localhost"];

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Seccomp" */
export const seccompProfile = containerRule(
    {
        name: "seccomp-profile",
        group: "security",
        description: "Every container has a seccomp profile. Without one it can make every system call.",
    },
    ({ securityContext: own }, pod) => {
        if (isOfWindows(pod)) return undefined;
        const { securityContext: pods } = pod.spec;
        const type = (own?.seccompProfile ?? pods?.seccompProfile)?.type;
        // PSS rejects the Pod's profile even if each container overrides it.
        const podsType = pods?.seccompProfile?.type;
        if (confined.includes(type) && podsType !== undefined && !confined.includes(podsType))
            return `is in a Pod with the seccomp profile "${podsType}", which PSS restricted refuses; remove it from the Pod's securityContext`;
        if (confined.includes(type)) return undefined;
        return `has ${type === undefined ? "no seccomp profile" : `the seccomp profile "${type}"`}; set securityContext.seccompProfile.type: RuntimeDefault in the Pod or the container`;
    },
);
