import { quietProbes } from "../../../policies/rules/quiet-probes.ts";
import { changed, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(quietProbes, [
    [
        "passes a startupProbe, and skips Pods that are not measured",
        [
            changed(sender, "spec.template.spec.containers.0.startupProbe", { httpGet: { port: 80 } }),
            changed(web, "spec.template.spec.containers.0.readinessProbe", { httpGet: { port: 80 } }),
        ],
        [],
    ],
    [
        "refuses probes that continue after the start",
        [
            changed(
                changed(sender, "spec.template.spec.containers.0.readinessProbe", { httpGet: { port: 80 } }),
                "spec.template.spec.containers.0.livenessProbe",
                { exec: {} },
            ),
        ],
        [
            'Deployment "net-sender", container "sender": ... livenessProbe ... startupProbe',
            'Deployment "net-sender", container "sender": ... readinessProbe ... startupProbe',
        ],
    ],
    [
        "reports an unknown value",
        [changed(sender, "spec.template.spec.containers.0.livenessProbe", unknown)],
        [unknownAt('Deployment "net-sender", container "sender"', "spec.template.spec.containers.0.livenessProbe")],
    ],
]);
