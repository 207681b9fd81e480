import { type Arm, familyOf } from "../../report/arms.ts";
import { encodeHistogram } from "../../report/histogram.ts";
import type { Plan } from "../../report/plan.ts";
import { type Random, seededRandom } from "../../report/random.ts";
import type { Block, CellRecord, Counters, Environment, Info } from "../../report/schema.ts";

/** Standard normal numbers (Box & Muller 1958). */
export function normal(random: Random): () => number {
    return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** `count` round trips in whole ns whose logarithm is normal around `medianNs`. */
export function lognormal(medianNs: number, spread: number, count: number, next: () => number): Float64Array {
    return Float64Array.from({ length: count }, () => Math.max(1, Math.round(medianNs * Math.exp(spread * next()))));
}

/** The exact nearest-rank quantile, by sorting: the slow reference for the histograms. */
export function exactQuantile(samples: ArrayLike<number>, thousandths: number): number {
    const sorted = Float64Array.from(samples).sort();
    return sorted[Math.ceil((thousandths * sorted.length) / 1000) - 1] as number;
}

/** A record of these round trips, as a workload would write it. */
export function recordOf(size: number, samplesNs: Float64Array, change: Partial<CellRecord> = {}): CellRecord {
    const seconds = samplesNs.reduce((sum, sample) => sum + sample, 0) / 1e9;
    const third = Math.floor(samplesNs.length / 3);
    return {
        size,
        state: "ok",
        reasons: [],
        roundTrips: samplesNs.length,
        elapsedSeconds: seconds,
        sumSeconds: seconds,
        minSeconds: samplesNs.length === 0 ? 0 : Math.min(...samplesNs) / 1e9,
        maxSeconds: samplesNs.length === 0 ? 0 : Math.max(...samplesNs) / 1e9,
        histogram: encodeHistogram(samplesNs),
        firstThirdP50Seconds: third === 0 ? 0 : exactQuantile(samplesNs.subarray(0, third), 500) / 1e9,
        lastThirdP50Seconds: third === 0 ? 0 : exactQuantile(samplesNs.subarray(-third), 500) / 1e9,
        misses: 0,
        staleAcks: 0,
        gc: { count: 0, seconds: 0 },
        ...change,
    };
}

export const counters: Counters = {
    cpuSeconds: 1,
    throttledPeriods: 0,
    throttledSeconds: 0,
    memoryBytes: 50_000_000,
    memoryPeakBytes: 60_000_000,
};

export function infoOf(role: string, change: Partial<Info> = {}): Info {
    return {
        role,
        bootId: `boot-${role}`,
        nodeName: "node-a",
        podName: `hopcost-${role}`,
        nodeVersion: "v24.21.0",
        kernel: "6.1.0",
        cpuModel: "Example CPU",
        cpus: 2,
        cgroupVersion: 2,
        ...(role === "writer" || role === "reader" ? { volumeFileSystem: "tmpfs" } : {}),
        ...change,
    };
}

/** A block with the given cells; its containers are those of the arm's family. */
export function blockOf(index: number, arm: Arm, cells: CellRecord[], change: Partial<Block> = {}): Block {
    const roles = familyOf(arm) === "network" ? ["sender", "receiver"] : ["writer", "reader"];
    return {
        schemaVersion: 1,
        runId: "run-1",
        index,
        round: Math.floor(index / 2),
        arm,
        attempt: 1,
        state: "ok",
        reasons: [],
        startedAt: "2026-11-21T10:00:00Z",
        seconds: 8,
        cells,
        containers: roles.map((role) => ({ info: infoOf(role), before: counters, after: counters })),
        ...change,
    };
}

export const environment: Environment = {
    kubernetesVersion: "v1.36.4",
    image: "node:24.21.0",
    codeHash: "abc123",
    placement: { asked: "same-node", nodes: { sender: "0123456789ab" }, sameNode: true },
    kernel: "6.1.0",
    cpuModel: "Example CPU",
    cpus: 2,
    nodeVersion: "v24.21.0",
    cgroupVersion: 2,
    volume: { medium: "Memory", fileSystem: "tmpfs" },
};

export function planOf(change: Partial<Plan> = {}): Plan {
    return {
        schemaVersion: 1,
        runId: "run-1",
        seed: 7,
        profile: "standard",
        arms: ["network/cluster-ip", "volume/chokidar"],
        sizes: [64, 1024],
        rounds: 10,
        warmupSeconds: 2,
        warmupRoundTrips: 2000,
        cellSeconds: 2,
        deadlineSeconds: 3600,
        placement: "same-node",
        image: "node:24.21.0",
        codeHash: "abc123",
        volumeMedium: "Memory",
        ...change,
    };
}

/** How a simulated run behaves. */
export interface Behaviour {
    /** Median of an arm at a size, ns. */
    medianNs(arm: Arm, size: number): number;
    /** Spread of the trials' medians and of the round trips in a trial, as standard deviation of the logarithm. */
    between: number;
    within: number;
    roundTrips: number;
}

export const calm: Behaviour = {
    medianNs: (arm, size) => (arm === "network/cluster-ip" ? 100_000 : 600_000) + size,
    between: 0.01,
    within: 0.1,
    roundTrips: 60,
};

/** A whole journal: every block of the plan, in order of rounds and arms. */
export function journalOf(plan: Plan, behaviour: Behaviour = calm, seed = 1): Block[] {
    const next = normal(seededRandom(seed));
    const { medianNs, between, within, roundTrips } = behaviour;
    return Array.from({ length: plan.rounds }, (_, round) => round).flatMap((round) =>
        plan.arms.map((arm, position) => {
            const cells = plan.sizes.map((size) => {
                const median = medianNs(arm, size) * Math.exp(between * next());
                return recordOf(size, lognormal(median, within, roundTrips, next));
            });
            return blockOf(round * plan.arms.length + position, arm, cells, { round });
        }),
    );
}
