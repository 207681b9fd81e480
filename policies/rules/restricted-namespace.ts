import { objectRule } from "../rule.ts";

const enforce = "pod-security.kubernetes.io/enforce";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
export const restrictedNamespace = objectRule(
    {
        name: "restricted-namespace",
        group: "security",
        description:
            "A namespace enforces PSS restricted. The cluster then also rejects Pods that no program declared.",
    },
    ["Namespace"],
    ({ props }) => {
        const level = props.metadata?.labels?.[enforce];
        if (level === "restricted") return undefined;
        return `enforces ${level === undefined ? "nothing" : `"${level}"`}; set the label ${enforce}: restricted`;
    },
);
