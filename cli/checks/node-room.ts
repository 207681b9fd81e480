import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { type PodArgs, tolerates } from "../../components/pod-settings.ts";
import { type Amounts, amount, amountsOf, cpuText, memoryText, sumOf, takenBy } from "./amounts.ts";

/** What a node has left for Pods, or why it can't take any. */
export interface NodeRoom {
    name: string;
    /** Why none of our Pods can run on it, in the scheduler's words; undefined if they can. */
    unfit: string | undefined;
    free: Amounts & { pods: number };
    architecture: string;
}

/**
 * What each node has left.
 * @param pod settings of our Pods
 * @param pods those that have not ended and stay; undefined if the user isn't allowed to list them: then nothing is taken
 */
export function roomsOf(nodes: readonly V1Node[], pods: readonly V1Pod[] | undefined, pod: PodArgs): NodeRoom[] {
    return nodes.map((node) => {
        const name = node.metadata?.name ?? "";
        const here = (pods ?? []).filter(({ spec }) => spec?.nodeName === name);
        const taken = sumOf(here.map(takenBy));
        const has = amountsOf(node.status?.allocatable);
        const free = {
            cpu: has.cpu - taken.cpu,
            memory: has.memory - taken.memory,
            pods: amount(node.status?.allocatable?.pods) - here.length,
        };
        return {
            name,
            unfit: unfitReason(node, pod),
            free,
            architecture: node.status?.nodeInfo?.architecture ?? "unknown",
        };
    });
}

/** Why a node can't take our Pods, which have these settings. */
function unfitReason({ metadata, spec, status }: V1Node, { nodeSelector = {}, tolerations = [] }: PodArgs) {
    if (spec?.unschedulable) return "was unschedulable";
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status !== "True") return `was not ready (${ready?.message ?? "it has not reported yet"})`;
    const taint = spec?.taints?.find((it) => it.effect !== "PreferNoSchedule" && !tolerates(tolerations, it));
    if (taint !== undefined) return `had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
    const os = status?.nodeInfo?.operatingSystem;
    if (os !== undefined && os !== "linux") return `has the operating system ${os}`;
    const missing = Object.entries(nodeSelector).find(([key, value]) => metadata?.labels?.[key] !== value);
    return missing === undefined ? undefined : `didn't match the node selector (${missing.join("=")})`;
}

/** Why Pods with these requests don't fit on a node; undefined if they do. */
export function tightReason({ free, unfit }: NodeRoom, { cpu, memory }: Amounts, pods: number): string | undefined {
    if (unfit !== undefined) return unfit;
    const reasons = [
        // Sums of decimals: differences smaller than Kubernetes can express don't count.
        free.cpu + 1e-6 < cpu && `Insufficient cpu (${cpuText(Math.max(0, free.cpu))} free)`,
        free.memory < memory && `Insufficient memory (${memoryText(Math.max(0, free.memory))} free)`,
        free.pods < pods && "Too many pods",
    ].filter((reason) => reason !== false);
    return reasons.length === 0 ? undefined : reasons.join(", ");
}
