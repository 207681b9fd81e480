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
        "passes one that names its own namespace, or none, which means the same",
        [web, kill, changed(kill, "spec.selector", { labelSelectors: { app: "web" } }), engine],
        [],
    ],
    [
        "names what it reaches beyond, by namespace or by Pod",
        [
            changed(kill, "spec.selector.namespaces.1", "other"),
            changed(kill, "spec.selector.pods", { shop: ["web-1"], theirs: ["web-2"] }),
        ],
        [`PodChaos "kill": reaches other; ${remedy}`, `PodChaos "kill": reaches theirs; ${remedy}`],
    ],
    [
        "looks at the other end, and into schedules and workflows",
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
        "refuses those on machines",
        [another("chaos-mesh.org/v1alpha1", "AWSChaos", "stop", { spec: {} })],
        ['AWSChaos "stop": reaches whole machines; use an experiment on Pods of its namespace'],
    ],
    [
        "reads Litmus as well",
        [changed(engine, "spec.appinfo.appns", "other")],
        ['ChaosEngine "engine": reaches other; set spec.appinfo.appns to only its own namespace, shop'],
    ],
    [
        "says what it could not see yet",
        [changed(kill, "spec.selector.namespaces.0", unknown)],
        [unknownAt('PodChaos "kill"', "spec.selector.namespaces.0")],
    ],
]);
