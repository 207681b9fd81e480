import { measuredCpuLimit } from "../../../policies/rules/measured-cpu-limit.ts";
import { changed, sender } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(measuredCpuLimit, [
    [
        "passes without a limit, and with one at the minimum",
        [
            sender,
            changed(sender, "spec.template.spec.containers.0.resources.limits.cpu", "1000m"),
            changed(sender, "spec.template.spec.containers.0.resources.limits.cpu", 1),
        ],
        [],
    ],
    [
        "skips an init container, but checks a native sidecar",
        [
            changed(sender, "spec.template.spec.initContainers", [
                { name: "first", resources: { limits: { cpu: "100m" } } },
                { name: "proxy", restartPolicy: "Always", resources: { limits: { cpu: "100m" } } },
            ]),
        ],
        ['Deployment "net-sender", init container "proxy": ... 100m ... 1 ... resources.limits.cpu'],
    ],
    [
        "refuses a limit below the minimum",
        [changed(sender, "spec.template.spec.containers.0.resources.limits.cpu", "500m")],
        ['Deployment "net-sender", container "sender": ... 500m ... 1 ... resources.limits.cpu'],
    ],
    [
        "has a configurable minimum",
        [changed(sender, "spec.template.spec.containers.0.resources.limits.cpu", "1")],
        ['Deployment "net-sender", container "sender": ... 1 ... 2 ... resources.limits.cpu'],
        { minCores: 2 },
    ],
    [
        "reports an unknown value",
        [changed(sender, "spec.template.spec.containers.0.resources.limits.cpu", unknown)],
        [
            unknownAt(
                'Deployment "net-sender", container "sender"',
                "spec.template.spec.containers.0.resources.limits.cpu",
            ),
        ],
    ],
]);
