import { immutableConfigMaps } from "../../../policies/rules/immutable-config-maps.ts";
import { changed, configMap } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(immutableConfigMaps, [
    [
        "passes one named by a hash, by Pulumi, or by its run",
        [
            configMap,
            changed(configMap, "metadata.name", undefined),
            changed(configMap, "metadata.name", "settings-6ct58987ht"),
            changed(changed(configMap, "metadata.name", "run-7-plan"), "metadata.labels", { "hopcost.io/run-id": "7" }),
        ],
        [],
    ],
    [
        "names one that can be changed",
        [changed(configMap, "immutable", undefined)],
        ['ConfigMap "code-0123abcd": can be changed under running Pods; set immutable: true'],
    ],
    [
        "names one that keeps its name",
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
        "says what it could not see yet",
        [changed(configMap, "immutable", unknown)],
        [unknownAt('ConfigMap "code-0123abcd"', "immutable")],
    ],
]);
