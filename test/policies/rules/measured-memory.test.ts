import { measuredMemory } from "../../../policies/rules/measured-memory.ts";
import { changed, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(measuredMemory, [
    [
        "passes request = limit, and skips Pods that are not measured",
        [sender, changed(web, "spec.template.spec.containers.0.resources", undefined)],
        [],
    ],
    [
        "passes the same amount in another spelling, and only a limit, which is also the request",
        [
            changed(sender, "spec.template.spec.containers.0.resources.requests.memory", 512 * 1024 * 1024),
            changed(sender, "spec.template.spec.containers.0.resources.requests.memory", "0.5Gi"),
            changed(sender, "spec.template.spec.containers.0.resources.requests.memory", undefined),
        ],
        [],
    ],
    [
        "names both if they differ",
        [changed(sender, "spec.template.spec.containers.0.resources.requests.memory", "256Mi")],
        [
            'Deployment "net-sender", container "sender": ... 256Mi ... 512Mi ... resources.requests.memory ... resources.limits.memory',
        ],
    ],
    [
        "names the missing fields",
        [changed(sender, "spec.template.spec.containers.0.resources", undefined)],
        ['Deployment "net-sender", container "sender": ... resources.requests.memory ... resources.limits.memory'],
    ],
    [
        "reports an unknown value",
        [changed(sender, "spec.template.spec.containers.0.resources.limits.memory", unknown)],
        [
            unknownAt(
                'Deployment "net-sender", container "sender"',
                "spec.template.spec.containers.0.resources.limits.memory",
            ),
        ],
    ],
]);
