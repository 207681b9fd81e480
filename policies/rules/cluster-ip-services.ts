import { isAutonamed, nameOf, specOf } from "../objects.ts";
import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types */
export const clusterIpServices = objectRule<{ allowed: string[] }>(
    {
        name: "cluster-ip-services",
        group: "security",
        ofPatches: true,
        description:
            "Services are of type ClusterIP. Other types open a port of every node, or of a load balancer, to the outside.",
        config: {
            allowed: {
                type: "array",
                items: { type: "string" },
                default: [],
                description: "Names (metadata.name) of Services that may have another type.",
            },
        },
    },
    ["Service"],
    (object, { allowed }) => {
        const { type = "ClusterIP", externalIPs = [] } = specOf<{ type: string; externalIPs: string[] }>(object);
        const name = nameOf(object);
        if (name !== undefined && allowed.includes(name)) return undefined;
        const remedy = isAutonamed(object)
            ? `give it a metadata.name and configure ${configured}`
            : `configure ${configured}`;
        return [
            type === "ClusterIP" ? undefined : `is of type ${type}; set spec.type: ClusterIP, or ${remedy}`,
            externalIPs.length === 0 ? undefined : `takes external addresses; remove spec.externalIPs, or ${remedy}`,
        ];
    },
);

const configured = "cluster-ip-services.allowed";
