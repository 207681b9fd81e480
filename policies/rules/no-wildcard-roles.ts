import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/ */
export const noWildcardRoles = objectRule(
    {
        name: "no-wildcard-roles",
        group: "security",
        ofPatches: true,
        description: "Roles name what they allow. A wildcard also allows whatever the cluster adds later.",
    },
    ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"],
    ({ props }) => {
        // A Role has no roleRef, and a binding no rules. Each cluster has this role, which consists of wildcards.
        if ((props.roleRef as { name?: string } | undefined)?.name === "cluster-admin")
            return "grants cluster-admin, which allows everything; bind a Role that lists what is used";
        return ((props.rules as Rule[] | undefined) ?? []).flatMap((rule, index) =>
            fields
                .filter((field) => rule[field]?.some((value) => value.includes("*")))
                .map((field) => `rule ${index + 1} has a wildcard in ${field}; list what is used`),
        );
    },
);

const fields = ["apiGroups", "resources", "verbs", "nonResourceURLs"] as const;
type Rule = Partial<Record<(typeof fields)[number], string[]>>;
