import { noWildcardRoles } from "../../../policies/rules/no-wildcard-roles.ts";
import { binding, changed, role } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noWildcardRoles, [
    ["passes rules without wildcards", [role], []],
    [
        "names the rule and the field",
        [changed(role, "rules.1", { apiGroups: ["*"], resources: ["pods/*"], verbs: ["get"] })],
        [
            'Role "driver": rule 2 has a wildcard in apiGroups; list what is used',
            'Role "driver": rule 2 has a wildcard in resources; list what is used',
        ],
    ],
    [
        "refuses a binding to cluster-admin",
        [binding, changed(binding, "roleRef", { kind: "ClusterRole", name: "cluster-admin" })],
        ['RoleBinding "driver": grants cluster-admin, which allows everything; bind a Role that lists what is used'],
    ],
    [
        "reports an unknown value",
        [changed(role, "rules.0.verbs.0", unknown)],
        [unknownAt('Role "driver"', "rules.0.verbs.0")],
    ],
]);
