import { usedBy } from "../model/arms.ts";
import { armsOf, type Plan } from "../model/plan.ts";
import { driverResources } from "./benchmark-manifests.ts";
import { type ContainerResources, measuredResources } from "./measured-pod.ts";
import type { Placement } from "./measured-pod-args.ts";
import { bystanderResources } from "./metrics/bystander.ts";

/** The part of a stack's configuration that decides which Pods it has and what they request. */
export interface Wanted {
    placement: Placement;
    cpuRequest: string;
    cpuLimit: string | undefined;
    memory: string;
    volumeSize: string;
    storageClass: string | undefined;
    metrics: { clusterMetrics: boolean; grafana?: object } | undefined;
    plan: Pick<Plan, "cells">;
    /** Secret that is copied from another namespace. */
    imagePullSecret: { namespace: string } | undefined;
    /** Port of the API server; undefined if the program reads it. */
    apiServerPort: number | undefined;
}

/**
 * A Pod's role in the placement. `initiator`, `responder`: of the main arms; `far`: on a different node than the
 * initiators, not waited for; `driver`: the Job's; `bystander`: Prometheus or Grafana.
 */
export type PodPart = "initiator" | "responder" | "far" | "driver" | "bystander";

/** A Pod of a stack, as the scheduler and quotas see it. */
export interface PodNeeds {
    /** Its component label, e.g. `sender`. */
    name: string;
    part: PodPart;
    /** Resources of each of its containers. */
    containers: ContainerResources[];
}

/** The Pods that the program creates for a stack, including the driver's. */
export function podsOf(wanted: Wanted): PodNeeds[] {
    const { topologies } = usedBy(armsOf(wanted.plan));
    const measured = measuredResources(wanted);
    const far = topologies.has("cross-node");
    const pods: (PodNeeds | false)[] = [
        (far || topologies.has("network")) && { name: "sender", part: "initiator", containers: [measured] },
        (far || topologies.has("network")) && { name: "receiver", part: "responder", containers: [measured] },
        far && { name: "far-receiver", part: "far", containers: [measured] },
        topologies.has("volume") && { name: "shared-volume", part: "initiator", containers: [measured, measured] },
        { name: "driver", part: "driver", containers: [driverResources] },
        wanted.metrics !== undefined && { name: "prometheus", part: "bystander", containers: [bystanderResources] },
        wanted.metrics?.grafana !== undefined && {
            name: "grafana",
            part: "bystander",
            containers: [bystanderResources],
        },
    ];
    return pods.filter((pod) => pod !== false);
}

/** Size of the volume that a stack claims from its StorageClass, as a quantity; undefined if it claims none. */
export function claimOf({ storageClass, volumeSize, plan }: Wanted): string | undefined {
    return storageClass !== undefined && usedBy(armsOf(plan)).volumes.has("claim") ? volumeSize : undefined;
}
