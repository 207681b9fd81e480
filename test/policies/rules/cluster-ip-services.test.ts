import { clusterIpServices } from "../../../policies/rules/cluster-ip-services.ts";
import { changed, service } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(clusterIpServices, [
    ["passes ClusterIP, also by default", [service, changed(service, "spec.type", undefined)], []],
    [
        "refuses another type",
        [changed(service, "spec.type", "NodePort")],
        ['Service "net-receiver": ... NodePort ... spec.type ... ClusterIP ... cluster-ip-services.allowed'],
    ],
    [
        "asks for a fixed name, which the setting needs",
        [
            changed(changed(service, "spec.type", "NodePort"), "metadata.annotations", {
                "pulumi.com/autonamed": "true",
            }),
        ],
        [
            'Service "net-receiver": ... NodePort ... spec.type ... ClusterIP ... metadata.name ... cluster-ip-services.allowed',
        ],
    ],
    [
        "refuses external IPs",
        [changed(service, "spec.externalIPs", ["192.0.2.1"])],
        ['Service "net-receiver": ... spec.externalIPs ... cluster-ip-services.allowed'],
    ],
    [
        "passes one that is configured as allowed",
        [changed(service, "spec.type", "LoadBalancer")],
        [],
        { allowed: ["net-receiver"] },
    ],
    [
        "reports an unknown value",
        [changed(service, "spec.type", unknown)],
        [unknownAt('Service "net-receiver"', "spec.type")],
    ],
]);
