import { clusterIpServices } from "../../../policies/rules/cluster-ip-services.ts";
import { changed, service } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(clusterIpServices, [
    ["passes ClusterIP, also by default", [service, changed(service, "spec.type", undefined)], []],
    [
        "refuses another type",
        [changed(service, "spec.type", "NodePort")],
        [
            'Service "net-receiver": is of type NodePort; set spec.type: ClusterIP, or configure cluster-ip-services.allowed',
        ],
    ],
    [
        "asks for a fixed name, which the setting needs",
        [
            changed(changed(service, "spec.type", "NodePort"), "metadata.annotations", {
                "pulumi.com/autonamed": "true",
            }),
        ],
        [
            'Service "net-receiver": is of type NodePort; set spec.type: ClusterIP, or give it a metadata.name and configure cluster-ip-services.allowed',
        ],
    ],
    [
        "refuses external IPs",
        [changed(service, "spec.externalIPs", ["192.0.2.1"])],
        [
            'Service "net-receiver": takes external addresses; remove spec.externalIPs, or configure cluster-ip-services.allowed',
        ],
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
