import { noClusterRoles } from "../../../policies/rules/no-cluster-roles.ts";
import { binding, changed, role } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noClusterRoles, [
    ["passes rights in a namespace", [role, binding], []],
    [
        "names a ClusterRole, and how to allow it",
        [{ ...role, kind: "ClusterRole" }],
        [
            'ClusterRole "driver": grants permissions in the whole cluster; use a Role and a RoleBinding, or configure no-cluster-roles.allowed with driver',
        ],
    ],
    [
        "asks for a name that stays before one can be configured",
        [changed({ ...role, kind: "ClusterRole" }, "metadata.annotations", { "pulumi.com/autonamed": "true" })],
        [
            'ClusterRole "driver": grants permissions in the whole cluster; use a Role and a RoleBinding, or configure no-cluster-roles.allowed with a metadata.name that you give it',
        ],
    ],
    ["passes one that is configured", [{ ...role, kind: "ClusterRole" }], [], { allowed: ["driver"] }],
    [
        "says what it could not see yet",
        [changed({ ...role, kind: "ClusterRole" }, "metadata.name", unknown)],
        [unknownAt('ClusterRole "unnamed"', "metadata.name")],
    ],
]);
