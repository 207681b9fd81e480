import { defaultDeny } from "../../../policies/rules/default-deny.ts";
import { changed, denyAll, namespace, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(defaultDeny, [
    ["passes a namespace with one", [namespace, denyAll, web], []],
    [
        "passes a namespace with one for each direction, also where the first leaves its policyTypes to Kubernetes",
        [
            namespace,
            changed(denyAll, "spec.policyTypes", undefined),
            changed(changed(denyAll, "spec.policyTypes", ["Egress"]), "metadata.name", "deny-egress"),
            web,
        ],
        [],
    ],
    [
        "names the namespace once, and one that the program does not make",
        [namespace, web, changed(web, "metadata.namespace", "theirs")],
        [
            'Namespace "shop": the namespace "shop" has no NetworkPolicy that denies by default; add one with podSelector: {}, policyTypes: [Ingress, Egress] and no rules',
            'Deployment "web": the namespace "theirs" has no NetworkPolicy that denies by default; add one with podSelector: {}, policyTypes: [Ingress, Egress] and no rules',
        ],
    ],
    [
        "takes none that denies one way only, selects some Pods, or opens something",
        [
            namespace,
            changed(denyAll, "spec.policyTypes", ["Ingress"]),
            changed(denyAll, "spec.podSelector.matchLabels", { app: "web" }),
            changed(denyAll, "spec.egress", [{}]),
        ],
        [
            'Namespace "shop": the namespace "shop" has no NetworkPolicy that denies by default; add one with podSelector: {}, policyTypes: [Ingress, Egress] and no rules',
        ],
    ],
    [
        "says what it could not see yet",
        [namespace, changed(denyAll, "spec.policyTypes.0", unknown)],
        [unknownAt('Namespace "shop"', "spec.policyTypes.0")],
    ],
]);
