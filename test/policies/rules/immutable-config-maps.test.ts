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
        ['ConfigMap "code-0123abcd": can be changed under running Pods; set immutable: true'],
    ],
    [
        "refuses a ConfigMap that keeps its name when its data changes",
        [
            changed(configMap, "metadata.name", "settings"),
            changed(changed(configMap, "metadata.name", "plan"), "metadata.labels", { "hopcost.io/run-id": "" }),
        ],
        [
            'ConfigMap "settings": keeps the name "settings" when its data changes; append a hash of its data (at least 6 hex digits) to metadata.name, or leave the name to Pulumi',
            'ConfigMap "plan": keeps the name "plan" when its data changes; append a hash of its data (at least 6 hex digits) to metadata.name, or leave the name to Pulumi',
        ],
    ],
    [
        "reports an unknown value",
        [changed(configMap, "immutable", unknown)],
        [unknownAt('ConfigMap "code-0123abcd"', "immutable")],
    ],
]);
