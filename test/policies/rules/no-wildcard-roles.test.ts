import { noWildcardRoles } from "../../../policies/rules/no-wildcard-roles.ts";
import { binding, changed, role } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noWildcardRoles, [
    ["passes rules that list all", [role], []],
    [
        "names rule and field",
        [changed(role, "rules.1", { apiGroups: ["*"], resources: ["pods/*"], verbs: ["get"] })],
        [
            'Role "driver": rule 2 has a wildcard in apiGroups; list what is used',
            'Role "driver": rule 2 has a wildcard in resources; list what is used',
        ],
    ],
    [
        "names a binding to the role that is all wildcards",
        [binding, changed(binding, "roleRef", { kind: "ClusterRole", name: "cluster-admin" })],
        ['RoleBinding "driver": grants cluster-admin, which allows everything; bind a Role that lists what is used'],
    ],
    [
        "says what it could not see yet",
        [changed(role, "rules.0.verbs.0", unknown)],
        [unknownAt('Role "driver"', "rules.0.verbs.0")],
    ],
]);
