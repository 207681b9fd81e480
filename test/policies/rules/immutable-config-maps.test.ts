import { immutableConfigMaps } from "../../../policies/rules/immutable-config-maps.ts";
import { changed, configMap } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(immutableConfigMaps, [
    [
        "passes a ConfigMap named by a hash, by Pulumi, or by its run",
        [
            configMap,
            changed(configMap, "metadata.name", undefined),
            changed(configMap, "metadata.name", "settings-6ct58987ht"),
            changed(changed(configMap, "metadata.name", "run-7-plan"), "metadata.labels", { "hopcost.io/run-id": "7" }),
        ],
        [],
    ],
    [
        "refuses a mutable ConfigMap",
        [changed(configMap, "immutable", undefined)],
        ['ConfigMap "code-0123abcd": ... immutable'],
    ],
    [
        "refuses a ConfigMap that keeps its name when its data changes",
        [
            changed(configMap, "metadata.name", "settings"),
            changed(changed(configMap, "metadata.name", "plan"), "metadata.labels", { "hopcost.io/run-id": "" }),
        ],
        [
            'ConfigMap "settings": ... "settings" ... 6 ... metadata.name ... Pulumi',
            'ConfigMap "plan": ... "plan" ... 6 ... metadata.name ... Pulumi',
        ],
    ],
    [
        "reports an unknown value",
        [changed(configMap, "immutable", unknown)],
        [unknownAt('ConfigMap "code-0123abcd"', "immutable")],
    ],
]);
