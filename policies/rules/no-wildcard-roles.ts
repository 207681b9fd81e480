import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/ */
export const noWildcardRoles = objectRule(
    {
        name: "no-wildcard-roles",
        group: "security",
        ofPatches: true,
        description: "Roles name what they allow. A wildcard allows also what will only exist tomorrow.",
    },
    ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"],
    ({ props }) => {
        // A Role has no roleRef, and a binding no rules. Each cluster has this role, and it is all wildcards.
        if ((props.roleRef as { name?: string } | undefined)?.name === "cluster-admin")
            return "gives cluster-admin, which may do everything; bind a Role that lists what is used";
        return ((props.rules as Rule[] | undefined) ?? []).flatMap((rule, index) =>
            fields
                .filter((field) => rule[field]?.some((value) => value.includes("*")))
                .map((field) => `rule ${index + 1} has a wildcard in ${field}; list what is used`),
        );
    },
);

const fields = ["apiGroups", "resources", "verbs", "nonResourceURLs"] as const;
type Rule = Partial<Record<(typeof fields)[number], string[]>>;
