import { noIdleTokens } from "../../../policies/rules/no-idle-tokens.ts";
import { account, binding, changed, goodProgram, job, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noIdleTokens, [
    ["passes a Job whose account has a Role", [...goodProgram], []],
    [
        "refuses a Pod that does not opt out",
        [changed(web, "spec.template.spec.automountServiceAccountToken", undefined)],
        ['Deployment "web": ... ServiceAccount ... "default" ... automountServiceAccountToken'],
    ],
    [
        "passes a Pod whose account opts out, unless the Pod opts in",
        [
            changed(account, "automountServiceAccountToken", false),
            changed(
                changed(web, "spec.template.spec.automountServiceAccountToken", undefined),
                "spec.template.spec.serviceAccountName",
                "driver",
            ),
        ],
        [],
    ],
    [
        "names a Job whose account is bound in another namespace",
        [account, changed(binding, "subjects.0.namespace", "other"), job],
        ['Job "driver": ... ServiceAccount ... "driver" ... automountServiceAccountToken'],
    ],
    [
        "finds an explicitly mounted token",
        [
            changed(web, "spec.template.spec.volumes", [
                { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
            ]),
        ],
        ['Deployment "web": ... ServiceAccount ... "default" ... serviceAccountToken ... "token"'],
    ],
    [
        "passes a Job whose account has permissions through the group of its namespace",
        [account, changed(binding, "subjects", [{ kind: "Group", name: "system:serviceaccounts:shop" }]), job],
        [],
    ],
    ["passes an account that is configured", [account, job], [], { allowed: ["driver"] }],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.automountServiceAccountToken", unknown)],
        [unknownAt('Deployment "web"', "spec.template.spec.automountServiceAccountToken")],
    ],
]);
