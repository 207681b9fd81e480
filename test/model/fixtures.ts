import { type Arm, mainArms, specOf } from "../../model/arms.ts";
import { type CellSizes, cellsOf } from "../../model/cells.ts";
import { schemaVersion } from "../../model/fields.ts";
import type { Plan, PlanCells } from "../../model/plan.ts";
import type { Reading } from "../../model/reading.ts";
import type { Cell, Environment, Geomean, Results, RoundTripUsage } from "../../model/results.ts";
import { endsOf } from "../../model/roles.ts";
import type { ApiMetrics, CellRecord, Counters, HostContext, Info, Scraped, Trial } from "../../model/trial.ts";
import { aggregate } from "../../report/findings/results.ts";
import { encodeHistogram } from "../../statistics/histogram.ts";
import { type Random, seededRandom } from "../../statistics/random.ts";
import { type ScheduledCell, schedule } from "../../statistics/schedule.ts";

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

/** Figures of a container at some moment. */
export const counters: Counters = {
    cpuSeconds: 1,
    throttledPeriods: 0,
    throttledSeconds: 0,
    memoryBytes: 50_000_000,
    memoryPeakBytes: 60_000_000,
    blockReadBytes: 4096,
    blockWriteBytes: 8192,
    blockReads: 1,
    blockWrites: 2,
    readBytes: 1_000_000,
    writeBytes: 1_000_000,
    reads: 1000,
    writes: 1000,
    voluntarySwitches: 2000,
    involuntarySwitches: 10,
    networkReceiveBytes: 500_000,
    networkSendBytes: 500_000,
    loopbackBytes: 0,
};

/** Usage of a container for `roundTrips` round trips: 50 us of CPU time and one switch each, as `usageBetween` returns it. */
export function usageFor(roundTrips: number, change: Partial<Counters> = {}): Counters {
    const counted = Object.keys(counters).map((name) => [name, 0]);
    const { memoryBytes, memoryPeakBytes } = counters;
    return {
        ...(Object.fromEntries(counted) as Counters),
        ...{ memoryBytes, memoryPeakBytes, cpuSeconds: 50e-6 * roundTrips, voluntarySwitches: roundTrips },
        ...change,
    };
}

/** A closed-loop record of these round trips, as a workload would write it; `change` makes it one of another mode. */
export function recordOf(size: number, samplesNs: Float64Array, change: Partial<CellRecord> = {}): CellRecord {
    const seconds = samplesNs.reduce((sum, sample) => sum + sample, 0) / 1e9;
    const third = Math.floor(samplesNs.length / 3);
    return {
        mode: "closed-loop",
        size,
        concurrency: 1,
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
        usage: { initiator: usageFor(samplesNs.length), responder: usageFor(samplesNs.length) },
        ...change,
    };
}

/** Mode-specific fields of a record; the phases add up to the mean. */
export function modeFields(mode: string, samplesNs: Float64Array): Partial<CellRecord> {
    const mean = samplesNs.reduce((sum, sample) => sum + sample, 0) / samplesNs.length / 1e9;
    const elapsedSeconds = samplesNs.length / 500;
    if (mode === "constant-rate") return { mode, ratePerSecond: 500, elapsedSeconds };
    if (mode === "throughput") return { mode, concurrency: 4 };
    if (mode === "closed-loop") return { mode };
    return {
        mode,
        phases: [
            { name: "write", seconds: 0.25 * mean },
            { name: "event seen", seconds: 0.75 * mean },
        ],
    };
}

export function infoOf(role: string, change: Partial<Info> = {}): Info {
    const volumes = { main: "tmpfs", disk: "ext4", claim: "ext4" };
    return {
        role,
        bootId: `boot-${role}`,
        nodeName: "node-a",
        podName: `hopcost-${role}`,
        podIp: "10.1.2.3",
        nodeVersion: "v24.21.0",
        kernel: "6.1.0",
        cpuModel: "Example CPU",
        architecture: "amd64",
        cpus: 2,
        cgroupVersion: 2,
        containerRuntime: "containerd",
        mitigations: { meltdown: "Mitigation: PTI", spectre_v1: "Mitigation: barriers" },
        ...(role === "writer" || role === "reader" ? { volumes } : {}),
        ...change,
    };
}

export const host: HostContext = {
    load1: 0.5,
    busyFraction: 0.4,
    stealFraction: 0,
    memoryAvailableBytes: 4_000_000_000,
};

/** A container as a trial has it. */
export function containerOf(
    role: string,
    change: Partial<Trial["containers"][number]> = {},
): Trial["containers"][number] {
    return { info: infoOf(role), qosClass: "Burstable", before: counters, after: counters, host, ...change };
}

/** Prometheus' figures of a container over a trial of 10 s: half a core, which agrees with `counters` below. */
export const scraped: Scraped = {
    scrapes: 10,
    seconds: 9,
    cpuSeconds: 5,
    throttledSeconds: 0,
    memoryPeakBytes: 61_234_567,
    blockReadBytes: 0,
    blockWriteBytes: 40_960,
    networkReceiveBytes: 20_480_000,
    networkSendBytes: 10_240,
    cadvisorCpuSeconds: { unavailable: "hopcost:clusterMetrics is not set" },
};

/** Readings of a trial from sources other than the cgroup, and its length. */
export interface Seen {
    prometheus: Reading<Scraped>;
    api?: Reading<ApiMetrics>;
    /** Of the cgroup. */
    cpuSeconds?: Reading<number>;
    seconds?: number;
}

/** A trial with metrics: the initiator's from `first`, the responder's from `second`. */
export function measuredTrial(trial: Trial, first: Seen, second: Seen = first): Trial {
    const containers = trial.containers.map((container, index) => {
        const { prometheus, api = noApi, cpuSeconds = 5 } = index === 0 ? first : second;
        const after = { ...counters, cpuSeconds: typeof cpuSeconds === "number" ? 1 + cpuSeconds : cpuSeconds };
        return { ...container, after, metrics: { prometheus, api } };
    });
    const startSeconds = 1_795_000_000;
    return { ...trial, containers, window: { startSeconds, endSeconds: startSeconds + (first.seconds ?? 10) } };
}
const noApi = { unavailable: "the cluster has no metrics.k8s.io" };

/** The roles between which an arm runs. */
export function rolesOf(arm: string): [initiator: string, responder: string] {
    const { initiator, responder } = endsOf[specOf(arm).topology ?? "network"];
    return [initiator, responder];
}

/** A trial with the given cells; its containers are those of the arm's topology. */
export function trialOf(index: number, arm: string, cells: CellRecord[], change: Partial<Trial> = {}): Trial {
    return {
        schemaVersion,
        runId: "run-1",
        index,
        round: Math.floor(index / 2),
        arm,
        attempt: 1,
        state: "ok",
        reasons: [],
        startedAt: "2026-11-21T10:00:00Z",
        seconds: 8,
        kubernetesVersion: "v1.36.4",
        cells,
        containers: rolesOf(arm).map((role) => containerOf(role)),
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
    containerRuntime: "containerd",
    cni: { unavailable: "not visible from inside a Pod" },
    qosClass: "Burstable",
    mitigations: { meltdown: "Mitigation: PTI" },
    stealFraction: 0,
    volume: { medium: "Memory", fileSystems: { main: "tmpfs" } },
};

/** What is measured, in short form: {@link cellsAt} turns it into a plan's cells. */
export type Measured = Partial<CellSizes> & { arms?: readonly Arm[] };

/** The cells of a plan, by default both main arms at 64 B and 1 KiB in the closed loop. */
export function cellsAt({ arms = [mainArms.network, mainArms.volume], ...sizes }: Measured = {}): PlanCells[] {
    const none = { phaseSizes: [], constantRateSizes: [], throughputSizes: [] };
    return cellsOf(arms, { sizes: [64, 1024], ablationSizes: [64], repeatSizes: [64], ...none, ...sizes });
}

/** The sizes of every mode but the closed loop. */
export function everyModeAt(...sizes: number[]): Measured {
    return { phaseSizes: sizes, constantRateSizes: sizes, throughputSizes: sizes };
}

/** A plan of ten rounds and no more; changing only `rounds` changes both. @param change {@link Measured} included */
export function planOf(change: Partial<Plan> & Measured = {}): Plan {
    const { arms, sizes, ablationSizes, repeatSizes, phaseSizes, constantRateSizes, throughputSizes, ...fields } =
        change;
    const given = { arms, sizes, ablationSizes, repeatSizes, phaseSizes, constantRateSizes, throughputSizes };
    const measured = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Measured;
    return {
        schemaVersion,
        hopcostVersion: "0.1.0",
        runId: "run-1",
        seed: 7,
        profile: "standard",
        cells: cellsAt(measured),
        unavailable: [],
        payload: "repeated",
        rounds: 10,
        maxRounds: fields.rounds ?? 10,
        targetHalfWidth: 0.05,
        warmupSeconds: 2,
        warmupRoundTrips: 2000,
        cellSeconds: 2,
        cellRoundTrips: 100,
        diagnosticSeconds: 0.3,
        ratePerSecond: 500,
        concurrency: 4,
        deadlineSeconds: 3600,
        placement: "same-node",
        image: "node:24.21.0",
        codeHash: "abc123",
        volumeMedium: "Memory",
        targets: {},
        ...fields,
    };
}

/** How a simulated run behaves. */
export interface Behaviour {
    /** Median of an arm at a size, ns. */
    medianNs(arm: string, size: number): number;
    /** Spread of the trials' medians and of the round trips in a trial, as standard deviation of the logarithm. */
    between: number;
    within: number;
    roundTrips: number;
}

/** Files take 600 us and HTTP 100 us, the ablation arms between; trials differ by 1%. */
export const calm: Behaviour = {
    medianNs: (arm, size) => (calmNs[arm] ?? (specOf(arm).topology === "volume" ? 90_000 : 100_000)) + size,
    between: 0.01,
    within: 0.1,
    roundTrips: 60,
};
const calmNs: Record<string, number> = {
    "volume/chokidar": 600_000,
    "volume/fs-watch-async": 320_000,
    "network/pod-ip": 95_000,
    "floor/noop": 200,
};

/** A whole journal: every scheduled trial of the plan's rounds, in order, all attempts successful. */
export function journalOf(plan: Plan, behaviour: Behaviour = calm, seed = 1, rounds: number = plan.rounds): Trial[] {
    const next = normal(seededRandom(seed));
    const { medianNs, between, within, roundTrips } = behaviour;
    const cellOf = (arm: string, { mode, size }: ScheduledCell) => {
        const median = medianNs(arm, size) * Math.exp(between * next());
        const samples = lognormal(median, within, roundTrips, next);
        return recordOf(size, samples, modeFields(mode, samples));
    };
    return schedule(plan)
        .filter(({ round }) => round < rounds)
        .map(({ index, round, arm, cells }) => {
            const records = cells.map((cell) => cellOf(arm, cell));
            return trialOf(index, arm, records, { round, runId: plan.runId });
        });
}

/** The results of a simulated run. */
export function resultsOf(plan: Plan = planOf(), trials: readonly Trial[] = journalOf(plan)): Results {
    return aggregate({ plan, trials });
}

/** A run in which all round trips of some cells took `times` times as long; the geomean follows if all of an arm's cells did. */
export function slowedRun(run: Results, times: number, isSlowed: (cell: Cell) => boolean = () => true): Results {
    const slowed = (arm: string) => run.cells.filter((cell) => cell.arm === arm).every(isSlowed);
    return {
        ...run,
        cells: run.cells.map((cell) => (isSlowed(cell) ? slower(cell, times) : cell)),
        geomeans: run.geomeans.map((geomean) => (slowed(geomean.arm) ? slowerGeomean(geomean, times) : geomean)),
    };
}

/** A cell whose round trips all took `times` times as long. */
export function slower(cell: Cell, times: number): Cell {
    const scaled = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * times);
    const between = (ends: [number, number] | undefined) => ends?.map((end) => end * times);
    const p50 = { p50Seconds: scaled(cell.p50Seconds), p50IntervalSeconds: between(cell.p50IntervalSeconds) };
    const p99 = { p99Seconds: scaled(cell.p99Seconds), p99IntervalSeconds: between(cell.p99IntervalSeconds) };
    const known = Object.entries({ ...p50, ...p99 }).filter(([, value]) => value !== undefined);
    return { ...cell, ...Object.fromEntries(known) };
}

function slowerGeomean(geomean: Geomean, times: number): Geomean {
    const [low, high] = geomean.intervalSeconds ?? [Number.NaN, Number.NaN];
    return { ...geomean, seconds: geomean.seconds * times, intervalSeconds: [low * times, high * times] };
}

/** All figures of a cell of the main network arm, in round numbers. */
export const roundCell: Cell = {
    arm: mainArms.network,
    size: 64,
    trials: 10,
    roundTrips: 12_345,
    minSeconds: 0.00009,
    meanSeconds: 0.00011,
    p50Seconds: 0.0001,
    p50IntervalSeconds: [0.000098, 0.000102],
    p90Seconds: 0.00015,
    p99Seconds: 0.0004,
    p99IntervalSeconds: [0.00035, 0.00045],
    p999Seconds: 0.002,
    maxSeconds: 0.01,
    throughputBytesPerSecond: 640_000,
    misses: 1,
    staleAcks: 2,
    gc: { count: 3, seconds: 0.0123 },
    cpuSecondsPerRoundTrip: 0.0001,
    usage: { initiator: roundUsage(), responder: roundUsage() },
};

function roundUsage(): RoundTripUsage {
    const { cpuSeconds, memoryPeakBytes, ...others } = usageFor(1);
    return { ...others, cpuSeconds, memoryPeakBytes };
}
