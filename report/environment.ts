import { createHash } from "node:crypto";
import type { Plan } from "./plan.ts";
import type { Block, Environment, Info, Reading } from "./schema.ts";

/**
 * What the run was measured on, from what the containers said about themselves in all blocks. A figure in which the
 * containers differ (two nodes, say) is unavailable and names the values.
 * @param kubernetesVersion of the API server, e.g. `v1.36.4`
 */
export function environmentOf(
    blocks: readonly Block[],
    { image, codeHash, placement, volumeMedium }: Pick<Plan, "image" | "codeHash" | "placement" | "volumeMedium">,
    kubernetesVersion: Reading<string>,
): Environment {
    const infos = blocks.flatMap(({ containers }) => containers.map(({ info }) => info));
    const nodesOf = Map.groupBy(infos, ({ role }) => role);
    const nodes = [...nodesOf]
        .map(([role, seen]): [string, string] => [
            role,
            distinct(seen.map(({ nodeName }) => hashed(nodeName))).join(", "),
        ])
        .sort(([one], [other]) => (one < other ? -1 : 1));
    return {
        kubernetesVersion,
        image,
        codeHash,
        placement: { asked: placement, nodes: Object.fromEntries(nodes), sameNode: onSameNode(infos) },
        kernel: agreed(infos, ({ kernel }) => kernel),
        cpuModel: agreed(infos, ({ cpuModel }) => cpuModel),
        cpus: agreed(infos, ({ cpus }) => cpus),
        nodeVersion: agreed(infos, ({ nodeVersion }) => nodeVersion),
        cgroupVersion: agreed(infos, ({ cgroupVersion }) => cgroupVersion),
        volume: { medium: volumeMedium, fileSystem: agreed(infos, ({ volumeFileSystem }) => volumeFileSystem) },
    };
}

/**
 * The most that one container was throttled over all blocks, void ones included, in seconds: per role the sum of
 * after minus before. Unavailable if one reading is, or if a counter went backwards (the container was restarted).
 */
export function throttledSecondsOf(blocks: readonly Block[]): Reading<number> {
    const perRole = new Map<string, number>();
    for (const { index, containers } of blocks) {
        for (const { info, before, after } of containers) {
            if (typeof before.throttledSeconds !== "number") return before.throttledSeconds;
            if (typeof after.throttledSeconds !== "number") return after.throttledSeconds;
            const seconds = after.throttledSeconds - before.throttledSeconds;
            if (seconds < 0) return { unavailable: `the counter of ${info.role} went backwards in block ${index}` };
            perRole.set(info.role, (perRole.get(info.role) ?? 0) + seconds);
        }
    }
    return perRole.size === 0 ? { unavailable: "no block was measured" } : Math.max(...perRole.values());
}

/** First 12 hex digits of the SHA-256 of a node's name: comparable between runs, and tells nobody the name. */
export function hashed(nodeName: string): string {
    return createHash("sha256").update(nodeName).digest("hex").slice(0, 12);
}

/** Whether all measured containers, of both topologies and in all blocks, were on one node. */
function onSameNode(infos: readonly Info[]): Reading<boolean> {
    if (infos.length === 0) return { unavailable: "no block was measured" };
    return distinct(infos.map(({ nodeName }) => nodeName)).length === 1;
}

function agreed<T extends string | number>(
    infos: readonly Info[],
    figure: (info: Info) => Reading<T> | undefined,
): Reading<T> {
    const readings = infos.map(figure).filter((reading) => reading !== undefined);
    const [first] = readings;
    if (first === undefined) return { unavailable: "no measured container says" };
    const missing = readings.find((reading) => typeof reading === "object");
    if (missing !== undefined) return missing;
    const values = distinct(readings as T[]);
    return values.length === 1 ? first : { unavailable: `differs between containers: ${values.join(", ")}` };
}

function distinct<T extends string | number>(values: readonly T[]): T[] {
    return [...new Set(values)].sort((one, other) => (one < other ? -1 : 1));
}
