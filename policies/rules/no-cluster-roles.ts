import { isAutonamed, nameOf } from "../objects.ts";
import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/ */
export const noClusterRoles = objectRule<{ allowed: string[] }>(
    {
        name: "no-cluster-roles",
        group: "security",
        ofPatches: true,
        description:
            "Permissions end at the namespace. With permissions in the whole cluster, a small mistake affects everybody.",
        config: {
            allowed: {
                type: "array",
                items: { type: "string" },
                default: [],
                description: "Names (metadata.name) of allowed ClusterRoles and ClusterRoleBindings.",
            },
        },
    },
    ["ClusterRole", "ClusterRoleBinding"],
    (object, { allowed }) => {
        const name = nameOf(object);
        if (name !== undefined && allowed.includes(name)) return undefined;
        const shown = isAutonamed(object) ? "a metadata.name that you give it" : name;
        return `grants permissions in the whole cluster; use a Role and a RoleBinding, or configure no-cluster-roles.allowed with ${shown}`;
    },
);
