import { defaultDeny } from "../../../policies/rules/default-deny.ts";
import { changed, denyAll, namespace, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(defaultDeny, [
    ["passes a namespace with such a policy", [namespace, denyAll, web], []],
    [
        "passes a namespace with one policy per direction, even if the first leaves policyTypes to Kubernetes",
        [
            namespace,
            changed(denyAll, "spec.policyTypes", undefined),
            changed(changed(denyAll, "spec.policyTypes", ["Egress"]), "metadata.name", "deny-egress"),
            web,
        ],
        [],
    ],
    [
        "names a namespace once, and also one that the program does not create",
        [namespace, web, changed(web, "metadata.namespace", "theirs")],
        [
            'Namespace "shop": ... "shop" ... NetworkPolicy ... podSelector ... policyTypes ... [Ingress, Egress]',
            'Deployment "web": ... "theirs" ... NetworkPolicy ... podSelector ... policyTypes ... [Ingress, Egress]',
        ],
    ],
    [
        "does not count a policy that denies only one direction, selects only some Pods, or allows traffic",
        [
            namespace,
            changed(denyAll, "spec.policyTypes", ["Ingress"]),
            changed(denyAll, "spec.podSelector.matchLabels", { app: "web" }),
            changed(denyAll, "spec.egress", [{}]),
        ],
        ['Namespace "shop": ... "shop" ... NetworkPolicy ... podSelector ... policyTypes ... [Ingress, Egress]'],
    ],
    [
        "reports an unknown value",
        [namespace, changed(denyAll, "spec.policyTypes.0", unknown)],
        [unknownAt('Namespace "shop"', "spec.policyTypes.0")],
    ],
]);
