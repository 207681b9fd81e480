import { noIdleTokens } from "../../../policies/rules/no-idle-tokens.ts";
import { account, binding, changed, goodProgram, job, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noIdleTokens, [
    ["passes a Job whose account has a Role", [...goodProgram], []],
    [
        "names a Pod that does not say no",
        [changed(web, "spec.template.spec.automountServiceAccountToken", undefined)],
        [
            'Deployment "web": mounts the token of ServiceAccount "default", but no binding of this program grants it permissions; set automountServiceAccountToken: false in the Pod\'s spec',
        ],
    ],
    [
        "passes a Pod whose account says no, unless the Pod says yes",
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
        [
            'Job "driver": mounts the token of ServiceAccount "driver", but no binding of this program grants it permissions; set automountServiceAccountToken: false in the Pod\'s spec',
        ],
    ],
    [
        "sees a token that is mounted by hand",
        [
            changed(web, "spec.template.spec.volumes", [
                { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
            ]),
        ],
        [
            'Deployment "web": mounts the token of ServiceAccount "default", but no binding of this program grants it permissions; remove the serviceAccountToken from volume "token"',
        ],
    ],
    [
        "passes a Job whose account has rights with all of its namespace",
        [account, changed(binding, "subjects", [{ kind: "Group", name: "system:serviceaccounts:shop" }]), job],
        [],
    ],
    ["passes an account that is configured", [account, job], [], { allowed: ["driver"] }],
    [
        "says what it could not see yet",
        [changed(web, "spec.template.spec.automountServiceAccountToken", unknown)],
        [unknownAt('Deployment "web"', "spec.template.spec.automountServiceAccountToken")],
    ],
]);
