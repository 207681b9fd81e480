import { isOfWindows } from "../pod-specs.ts";
import { containerRule } from "../rule.ts";

/** The only capability that PSS `restricted` allows a container to add. */
const harmless = "NET_BIND_SERVICE";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Capabilities" */
export const dropCapabilities = containerRule(
    {
        name: "drop-capabilities",
        group: "security",
        description:
            "Every container drops all capabilities. The default ones allow it to forge packets and change file owners.",
    },
    ({ securityContext }, pod) => {
        if (isOfWindows(pod)) return undefined;
        const { add = [], drop = [] } = securityContext?.capabilities ?? {};
        const added = add.filter((capability) => capability !== harmless);
        return [
            drop.includes("ALL") ? undefined : 'keeps capabilities; set securityContext.capabilities.drop: ["ALL"]',
            added.length > 0 ? `adds ${added.join(", ")}; take it out of securityContext.capabilities.add` : undefined,
        ];
    },
);
