import { noClusterRoles } from "../../../policies/rules/no-cluster-roles.ts";
import { binding, changed, role } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noClusterRoles, [
    ["passes permissions in a namespace", [role, binding], []],
    [
        "refuses a ClusterRole, and says how to allow it",
        [{ ...role, kind: "ClusterRole" }],
        ['ClusterRole "driver": ... Role ... RoleBinding ... no-cluster-roles.allowed ... driver'],
    ],
    [
        "asks for a fixed name, which the setting needs",
        [changed({ ...role, kind: "ClusterRole" }, "metadata.annotations", { "pulumi.com/autonamed": "true" })],
        ['ClusterRole "driver": ... Role ... RoleBinding ... no-cluster-roles.allowed ... metadata.name'],
    ],
    ["passes one that is configured as allowed", [{ ...role, kind: "ClusterRole" }], [], { allowed: ["driver"] }],
    [
        "reports an unknown value",
        [changed({ ...role, kind: "ClusterRole" }, "metadata.name", unknown)],
        [unknownAt('ClusterRole "unnamed"', "metadata.name")],
    ],
]);
