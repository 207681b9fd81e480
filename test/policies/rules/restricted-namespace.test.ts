import { restrictedNamespace } from "../../../policies/rules/restricted-namespace.ts";
import { changed, namespace } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(restrictedNamespace, [
    ["passes a namespace that enforces it", [namespace], []],
    [
        "refuses a namespace that enforces nothing or less",
        [
            changed(namespace, "metadata.labels.pod-security\\.kubernetes\\.io/enforce", undefined),
            changed(namespace, "metadata.labels.pod-security\\.kubernetes\\.io/enforce", "baseline"),
        ],
        [
            'Namespace "shop": ... pod-security.kubernetes.io/enforce: restricted',
            'Namespace "shop": ... "baseline" ... pod-security.kubernetes.io/enforce: restricted',
        ],
    ],
    [
        "reports an unknown value",
        [changed(namespace, "metadata.labels.pod-security\\.kubernetes\\.io/enforce", unknown)],
        [unknownAt('Namespace "shop"', "metadata.labels.pod-security.kubernetes.io/enforce")],
    ],
]);
