import { noDisruptionBudgets } from "../../../policies/rules/no-disruption-budgets.ts";
import { another, changed, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

const keep = another("policy/v1", "PodDisruptionBudget", "keep", {
    spec: { minAvailable: 1, selector: { matchLabels: { app: "net-sender" } } },
});

verdicts(noDisruptionBudgets, [
    [
        "passes one of other Pods, or of none",
        [
            ...[sender, web, changed(keep, "spec.selector.matchLabels.app", "web")],
            changed(keep, "spec.selector", undefined),
        ],
        [],
    ],
    [
        "names the object whose Pods it covers",
        [sender, keep],
        ['PodDisruptionBudget "keep": ... Deployment ... "net-sender" ... hopcost.io/scenario'],
    ],
    [
        "reads matchExpressions",
        [
            sender,
            changed(keep, "spec.selector", {
                matchExpressions: [{ key: "app", operator: "NotIn", values: ["net-sender"] }],
            }),
            changed(
                changed(keep, "spec.selector", { matchExpressions: [{ key: "app", operator: "Exists" }] }),
                "metadata.name",
                "all",
            ),
        ],
        ['PodDisruptionBudget "all": ... Deployment ... "net-sender" ... hopcost.io/scenario'],
    ],
    ["passes one of a scenario", [sender, changed(keep, "metadata.labels", { "hopcost.io/scenario": "drain" })], []],
    [
        "reports an unknown value",
        [sender, changed(keep, "spec.selector.matchLabels.app", unknown)],
        [unknownAt('PodDisruptionBudget "keep"', "spec.selector.matchLabels.app")],
    ],
]);
