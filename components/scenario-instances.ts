import type * as pulumi from "@pulumi/pulumi";
import type { Volume } from "../model/arms.ts";
import type { Instance, ScenarioPlan } from "../model/scenarios.ts";
import { hurtAvailability } from "../workloads/injections/hurt-availability.ts";
import type { HurtTopology } from "../workloads/injections/scenario.ts";
import { needBudget, scenarioOf, volumeOf } from "../workloads/injections/scenarios.ts";
import { hurtVolumeMib } from "../workloads/injections/volume-full.ts";
import type { MeasuredPodArgs } from "./measured-pod-args.ts";
import { NetworkPair } from "./network-pair.ts";
import { SharedVolumePod } from "./shared-volume-pod.ts";

/** Copies of each topology; so many injections of each go on at once, and one more in a Pod with a claim. */
export const instancesOfEach = 5;

/**
 * Resources of the containers that scenarios hurt: less than the measured ones have, since several instances run at once, so that
 * a node of two cores takes all of them; and the same in both topologies.
 */
export const hurtResources = { cpuRequest: "10m", cpuLimit: undefined, memory: "256Mi" } as const;

/** Without a Pod until the driver wants one. */
const hurt = {
    cpuRequest: hurtResources.cpuRequest,
    memory: hurtResources.memory,
    servesScenarios: true,
    availability: { ...hurtAvailability, replicas: 0 },
} as const satisfies Partial<MeasuredPodArgs>;
/** Size limit of their shared volumes. */
export const hurtVolumeSize = `${hurtVolumeMib}Mi`;

/** An instance that scenarios hurt. */
interface Hurt {
    name: string;
    topology: HurtTopology;
    /** Volumes that messages pass; none in a pair of Pods. */
    volumes: Volume[];
    /** Most Pods of the responder at once. */
    replicas: number;
    /** Whether the reader is a native sidecar. */
    sidecar: boolean;
}

/**
 * The instances that a plan's scenarios hurt: some of each topology. One with a PersistentVolumeClaim is apart, since a local
 * volume ties its Pod to a node, and its ledger outlives the Pod; one with a native sidecar too, since no patch of a Deployment
 * moves a container between its lists.
 */
export function hurtBy({ expected }: Pick<ScenarioPlan, "expected">): Hurt[] {
    const hasPair = expected.some(({ topology }) => topology === "network");
    const volumes = new Set(
        expected.flatMap(({ scenario, topology }) => (topology === "volume" ? [volumeOf(scenario)] : [])),
    );
    const onNode: Volume[] = volumes.has("disk") ? ["main", "disk"] : ["main"];
    const several = expected.flatMap(({ scenario }) => scenarioOf(scenario).replicas ?? []);
    const numbered = (number: number): Hurt[] => {
        const able = several.filter(({ instances = 1 }) => number <= instances);
        const replicas = Math.max(1, ...able.map(({ most }) => most));
        return [
            ...(hasPair ? [hurtOne(`hurt-net-${number}`, "network", { replicas })] : []),
            ...(volumes.size > 0 ? [hurtOne(`hurt-vol-${number}`, "volume", { volumes: onNode, replicas })] : []),
        ];
    };
    // In turn, since that is the order in which the driver begins with them.
    const many = Array.from({ length: instancesOfEach }, (_, index) => numbered(index + 1)).flat();
    const hasSidecar = expected.some(({ scenario }) => scenarioOf(scenario).sidecar);
    return [
        ...many,
        ...(volumes.has("claim") ? [hurtOne("hurt-claim", "volume", { volumes: ["claim"] })] : []),
        ...(hasSidecar ? [hurtOne("hurt-sidecar", "volume", { volumes: ["main"], sidecar: true })] : []),
    ];
}

function hurtOne(name: string, topology: HurtTopology, own: Partial<Omit<Hurt, "name" | "topology">>): Hurt {
    return { name, topology, volumes: [], replicas: 1, sidecar: false, ...own };
}

/** What a plan's scenarios may hurt: instances of their own, beside what is measured. */
export function scenarioInstances(
    plan: ScenarioPlan | undefined,
    args: MeasuredPodArgs,
    storageClass: string | undefined,
    opts: pulumi.ComponentResourceOptions,
): pulumi.Output<Instance>[] {
    if (plan === undefined) return [];
    const { cpuLimit: _, ...shared } = args;
    const availability = { ...hurt.availability, ...(needBudget(plan.names) && { minAvailable: 0 }) };
    const all = { ...shared, ...hurt, availability };
    return hurtBy(plan).map(({ name, topology, volumes, replicas, sidecar }) => {
        const more = { ...(replicas > 1 && { replicas }), ...(sidecar && { sidecar }) };
        if (topology === "network")
            return new NetworkPair(name, all, opts).instance.apply((instance) => ({ ...instance, ...more }));
        const claim = volumes.includes("claim") && storageClass !== undefined ? { storageClass } : {};
        const own = { sizeLimit: hurtVolumeSize, disk: volumes.includes("disk"), readerSidecar: sidecar, ...claim };
        return new SharedVolumePod(name, { ...all, ...own }, opts).instance.apply((instance) => ({
            ...instance,
            volumes,
            ...more,
        }));
    });
}
