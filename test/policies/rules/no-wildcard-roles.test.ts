import { noWildcardRoles } from "../../../policies/rules/no-wildcard-roles.ts";
import { binding, changed, role } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noWildcardRoles, [
    ["passes rules without wildcards", [role], []],
    [
        "names the rule and the field",
        [changed(role, "rules.1", { apiGroups: ["*"], resources: ["pods/*"], verbs: ["get"] })],
        ['Role "driver": ... 2 ... apiGroups', 'Role "driver": ... 2 ... resources'],
    ],
    [
        "refuses a binding to cluster-admin",
        [binding, changed(binding, "roleRef", { kind: "ClusterRole", name: "cluster-admin" })],
        ['RoleBinding "driver": ... cluster-admin ... Role'],
    ],
    [
        "reports an unknown value",
        [changed(role, "rules.0.verbs.0", unknown)],
        [unknownAt('Role "driver"', "rules.0.verbs.0")],
    ],
]);
