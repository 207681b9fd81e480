import { containerRule } from "../rule.ts";

const confined: readonly unknown[] = ["RuntimeDefault", "Localhost"];

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Seccomp" */
export const seccompProfile = containerRule(
    {
        name: "seccomp-profile",
        group: "security",
        description: "Every container has a seccomp profile. Without one it may make every system call there is.",
    },
    ({ securityContext: own }, { spec: { securityContext: pods } }) => {
        const type = (own?.seccompProfile ?? pods?.seccompProfile)?.type;
        if (confined.includes(type)) return undefined;
        return `has ${type === undefined ? "no seccomp profile" : `the seccomp profile "${type}"`}; set securityContext.seccompProfile.type: RuntimeDefault, of the Pod or the container`;
    },
);
