import { configMapSize } from "../../../policies/rules/config-map-size.ts";
import { changed, configMap } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(configMapSize, [
    ["passes a ConfigMap below the maximum", [changed(configMap, "data.large", "x".repeat(900 * 1024 - 14))], []],
    [
        "counts text and bytes together",
        [
            changed(
                changed(configMap, "data.large", "x".repeat(500 * 1024)),
                "binaryData.more",
                Buffer.alloc(500 * 1024).toString("base64"),
            ),
        ],
        ['ConfigMap "code-0123abcd": ... 1001 KiB ... 900 KiB'],
    ],
    [
        "has a configurable maximum",
        [changed(configMap, "data.large", "x".repeat(3000))],
        ['ConfigMap "code-0123abcd": ... 3 KiB ... 2 KiB'],
        { maxKiB: 2 },
    ],
    [
        "reports an unknown value",
        [changed(configMap, "data.large", unknown)],
        [unknownAt('ConfigMap "code-0123abcd"', "data.large")],
    ],
]);
