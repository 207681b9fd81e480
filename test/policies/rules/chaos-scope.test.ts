import { chaosScope } from "../../../policies/rules/chaos-scope.ts";
import { another, changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

const kill = another("chaos-mesh.org/v1alpha1", "PodChaos", "kill", {
    spec: { action: "pod-kill", mode: "one", selector: { namespaces: ["shop"] } },
});
const engine = another("litmuschaos.io/v1alpha1", "ChaosEngine", "engine", { spec: { appinfo: { appns: "shop" } } });
const remedy = "set the namespaces and pods of each selector to only its own namespace, shop";

verdicts(chaosScope, [
    [
        "passes one that names its own namespace, or none, which has the same effect",
        [web, kill, changed(kill, "spec.selector", { labelSelectors: { app: "web" } }), engine],
        [],
    ],
    [
        "names the other namespaces that it reaches, by namespace or by Pod",
        [
            changed(kill, "spec.selector.namespaces.1", "other"),
            changed(kill, "spec.selector.pods", { shop: ["web-1"], theirs: ["web-2"] }),
        ],
        [`PodChaos "kill": ... other ... ${remedy}`, `PodChaos "kill": ... theirs ... ${remedy}`],
    ],
    [
        "checks the second target, and inside schedules and workflows",
        [
            changed(kill, "spec.target.selector.namespaces", ["other"]),
            another("chaos-mesh.org/v1alpha1", "Schedule", "nightly", {
                spec: { podChaos: { selector: { namespaces: ["other"] } } },
            }),
            another("chaos-mesh.org/v1alpha1", "Workflow", "drill", {
                spec: { templates: [{ podChaos: { selector: { namespaces: ["other"] } } }] },
            }),
        ],
        ['PodChaos "kill"', 'Schedule "nightly"', 'Workflow "drill"'].map((who) => `${who}: reaches other; ${remedy}`),
    ],
    [
        "refuses experiments on machines",
        [another("chaos-mesh.org/v1alpha1", "AWSChaos", "stop", { spec: {} })],
        ['AWSChaos "stop": ... Pods'],
    ],
    [
        "also reads Litmus",
        [changed(engine, "spec.appinfo.appns", "other")],
        ['ChaosEngine "engine": ... other ... spec.appinfo.appns ... shop'],
    ],
    [
        "reports an unknown value",
        [changed(kill, "spec.selector.namespaces.0", unknown)],
        [unknownAt('PodChaos "kill"', "spec.selector.namespaces.0")],
    ],
]);
