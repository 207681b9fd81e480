import { chaosScope } from "../../../policies/rules/chaos-scope.ts";
import { another, changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

const kill = another("chaos-mesh.org/v1alpha1", "PodChaos", "kill", {
    spec: { action: "pod-kill", mode: "one", selector: { namespaces: ["shop"] } },
});

verdicts(chaosScope, [
    [
        "passes one that names its own namespace",
        [
            web,
            kill,
            another("litmuschaos.io/v1alpha1", "ChaosEngine", "engine", { spec: { appinfo: { appns: "shop" } } }),
        ],
        [],
    ],
    [
        "names what it reaches beyond",
        [
            changed(kill, "spec.selector.namespaces.1", "other"),
            changed(kill, "spec.target.selector.namespaces", ["theirs"]),
        ],
        [
            'PodChaos "kill": reaches shop, other; set spec.selector.namespaces to its own namespace, shop, alone',
            'PodChaos "kill": reaches shop, theirs; set spec.selector.namespaces to its own namespace, shop, alone',
        ],
    ],
    [
        "names one without a scope",
        [changed(kill, "spec.selector", {}), another("litmuschaos.io/v1alpha1", "ChaosEngine", "engine", { spec: {} })],
        [
            'PodChaos "kill": reaches the whole cluster; set spec.selector.namespaces to its own namespace, shop, alone',
            'ChaosEngine "engine": reaches the whole cluster; set spec.appinfo.appns to its own namespace, shop, alone',
        ],
    ],
    [
        "says what it could not see yet",
        [changed(kill, "spec.selector.namespaces.0", unknown)],
        [unknownAt('PodChaos "kill"', "spec.selector.namespaces.0")],
    ],
]);
