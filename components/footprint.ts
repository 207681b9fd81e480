import { usedBy } from "../model/arms.ts";
import { armsOf, type Plan } from "../model/plan.ts";
import type { HurtTopology } from "../workloads/injections/scenario.ts";
import { driverResources } from "./benchmark-manifests.ts";
import { type ContainerResources, measuredResources } from "./measured-pod.ts";
import type { Placement } from "./measured-pod-args.ts";
import { bystanderResources } from "./metrics/bystander.ts";
import { hurtBy, hurtResources, hurtVolumeSize } from "./scenario-instances.ts";

/** The part of a stack's configuration that decides which Pods it has and what they request. */
export interface Wanted {
    placement: Placement;
    cpuRequest: string;
    cpuLimit: string | undefined;
    memory: string;
    volumeSize: string;
    storageClass: string | undefined;
    metrics: { clusterMetrics: boolean; grafana?: object } | undefined;
    plan: Pick<Plan, "cells" | "scenarios">;
    /** Secret that is copied from another namespace. */
    imagePullSecret: { namespace: string } | undefined;
    /** Port of the API server; undefined if the program reads it. */
    apiServerPort: number | undefined;
}

/**
 * A Pod's role in the placement. `initiator`, `responder`: of the main arms; `far`: on a different node than the
 * initiators, not waited for; `hurt-initiator`, `hurt-responder`: of instances that scenarios hurt, which are only preferably
 * gathered; `driver`: the Job's; `bystander`: Prometheus or Grafana.
 */
export type PodPart = "initiator" | "responder" | "far" | "hurt-initiator" | "hurt-responder" | "driver" | "bystander";

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
    const { scenarios } = wanted.plan;
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
        ...(scenarios === undefined
            ? []
            : hurtBy(scenarios).flatMap(({ topology, replicas }) => hurtPods(topology, replicas))),
    ];
    return pods.filter((pod) => pod !== false);
}

/** The Pods of an instance that scenarios hurt, while it has most. */
function hurtPods(topology: HurtTopology, replicas: number): PodNeeds[] {
    const container = measuredResources(hurtResources);
    const times = (pod: PodNeeds) => Array.from({ length: replicas }, () => pod);
    if (topology === "volume")
        return times({ name: "shared-volume", part: "hurt-initiator", containers: [container, container] });
    return [
        { name: "sender", part: "hurt-initiator", containers: [container] },
        ...times({ name: "receiver", part: "hurt-responder", containers: [container] }),
    ];
}

/** Sizes of the volumes that a stack claims from its StorageClass, as quantities. */
export function claimsOf({ storageClass, volumeSize, plan }: Wanted): string[] {
    if (storageClass === undefined) return [];
    const hurt = plan.scenarios === undefined ? [] : hurtBy(plan.scenarios);
    return [
        ...(usedBy(armsOf(plan)).volumes.has("claim") ? [volumeSize] : []),
        ...hurt.flatMap(({ volumes }) => (volumes.includes("claim") ? [hurtVolumeSize] : [])),
    ];
}
