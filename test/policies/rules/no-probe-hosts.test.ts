import { noProbeHosts } from "../../../policies/rules/no-probe-hosts.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noProbeHosts, [
    [
        "passes probes of the Pod itself",
        [changed(web, "spec.template.spec.containers.0.startupProbe", { httpGet: { path: "/", port: 80 } })],
        [],
    ],
    [
        "names the probe or hook, and the host",
        [
            changed(
                changed(web, "spec.template.spec.containers.0.startupProbe", {
                    httpGet: { path: "/", port: 80, host: "10.0.0.1" },
                }),
                "spec.template.spec.containers.0.lifecycle",
                { preStop: { tcpSocket: { port: 1, host: "other" } } },
            ),
        ],
        [
            'Deployment "web", container "app": ... startupProbe ... "10.0.0.1"',
            'Deployment "web", container "app": ... preStop ... "other"',
        ],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.readinessProbe.tcpSocket.host", unknown)],
        [
            unknownAt(
                'Deployment "web", container "app"',
                "spec.template.spec.containers.0.readinessProbe.tcpSocket.host",
            ),
        ],
    ],
]);
