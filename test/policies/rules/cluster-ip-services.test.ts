import { clusterIpServices } from "../../../policies/rules/cluster-ip-services.ts";
import { changed, service } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(clusterIpServices, [
    ["passes ClusterIP, also where it is the default", [service, changed(service, "spec.type", undefined)], []],
    [
        "names another type",
        [changed(service, "spec.type", "NodePort")],
        [
            'Service "net-receiver": is of type NodePort; set spec.type: ClusterIP, or configure cluster-ip-services.allowed',
        ],
    ],
    [
        "asks for a name that stays before one can be configured",
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
        "names external addresses",
        [changed(service, "spec.externalIPs", ["192.0.2.1"])],
        [
            'Service "net-receiver": takes external addresses; remove spec.externalIPs, or configure cluster-ip-services.allowed',
        ],
    ],
    [
        "passes one that is configured",
        [changed(service, "spec.type", "LoadBalancer")],
        [],
        { allowed: ["net-receiver"] },
    ],
    [
        "says what it could not see yet",
        [changed(service, "spec.type", unknown)],
        [unknownAt('Service "net-receiver"', "spec.type")],
    ],
]);
