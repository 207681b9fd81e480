import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { type Arm, allArms } from "./arms.ts";
import { type Mode, modes, Plan } from "./plan.ts";

/** Version of {@link Block} and {@link Results}; a reader refuses another one. */
export const schemaVersion = 2;

export const ArmName = Type.Unsafe<Arm>(Type.Union(allArms.map((arm) => Type.Literal(arm))));
const ModeName = Type.Unsafe<Mode>(Type.Union(modes.map((mode) => Type.Literal(mode))));
/** What could not be read says why; it is never 0. */
export const Unavailable = Type.Object({ unavailable: Type.String() }, { additionalProperties: false });
const reading = <T extends TSchema>(value: T) => Type.Union([value, Unavailable]);
/** A value, or the reason why the platform doesn't offer it. */
export type Reading<T> = T | Static<typeof Unavailable>;

/**
 * Figures of one container, read outside the timed window: its control group, its measured process, the network of its
 * Pod. Those of memory are as they are, all others count up; between two readings (`usageBetween`) they are differences.
 */
export const Counters = Type.Object({
    /** Control group: cpu.stat, or cpuacct.usage of v1. */
    cpuSeconds: reading(Type.Number()),
    throttledPeriods: reading(Type.Integer()),
    throttledSeconds: reading(Type.Number()),
    memoryBytes: reading(Type.Integer()),
    /** Since the container started. */
    memoryPeakBytes: reading(Type.Integer()),
    /** Control group: io.stat, or blkio.throttle.* of v1; all devices together. */
    blockReadBytes: reading(Type.Integer()),
    blockWriteBytes: reading(Type.Integer()),
    blockReads: reading(Type.Integer()),
    blockWrites: reading(Type.Integer()),
    /** Measured process: /proc/PID/io (rchar, wchar, syscr, syscw), which counts sockets as well as files. */
    readBytes: reading(Type.Integer()),
    writeBytes: reading(Type.Integer()),
    reads: reading(Type.Integer()),
    writes: reading(Type.Integer()),
    /** Measured process, all its threads: /proc/PID/task/TID/status. */
    voluntarySwitches: reading(Type.Integer()),
    involuntarySwitches: reading(Type.Integer()),
    /** Network of the Pod: /proc/net/dev, without and with `lo` alone. */
    networkReceiveBytes: reading(Type.Integer()),
    networkSendBytes: reading(Type.Integer()),
    loopbackBytes: reading(Type.Integer()),
});
export type Counters = Static<typeof Counters>;

/** The machine around a container over a block, by /proc and systeminformation; read between blocks only. */
export const HostContext = Type.Object({
    /** Load average over a minute. */
    load1: Type.Number(),
    /** Of all CPU time of the machine since the last reading, 0 to 1. */
    busyFraction: Type.Number(),
    /** CPU time that the hypervisor gave to others, of all, 0 to 1. */
    stealFraction: Type.Number(),
    memoryAvailableBytes: Type.Integer(),
});
export type HostContext = Static<typeof HostContext>;

/** Where and on what a container runs. */
export const Info = Type.Object({
    role: Type.String(),
    /** Random per start of the control server: a changed one means that the container was restarted. */
    bootId: Type.String(),
    nodeName: Type.String(),
    podName: Type.String(),
    /** Address of the Pod; empty where it is not told. */
    podIp: Type.String(),
    nodeVersion: Type.String(),
    kernel: Type.String(),
    cpuModel: Type.String(),
    cpus: Type.Integer(),
    cgroupVersion: reading(Type.Integer()),
    /** e.g. `containerd`: from the mount of the container's root. */
    containerRuntime: reading(Type.String()),
    /** /sys/devices/system/cpu/vulnerabilities, by name. */
    mitigations: reading(Type.Record(Type.String(), Type.String())),
    /** File system type of each shared volume by its name in arms.ts, e.g. `tmpfs`; absent in the network roles. */
    volumes: Type.Optional(Type.Record(Type.String(), reading(Type.String()))),
});
export type Info = Static<typeof Info>;

/** A part of a round trip. */
export const Phase = Type.Object({ name: Type.String(), seconds: Type.Number() });
export type Phase = Static<typeof Phase>;

/** One arm at one size in one mode in one block. */
export const CellRecord = Type.Object({
    mode: ModeName,
    size: Type.Integer(),
    /** Round trips in flight at most. */
    concurrency: Type.Integer(),
    /** Of an open-loop cell. */
    ratePerSecond: Type.Optional(Type.Number()),
    state: Type.Union([Type.Literal("ok"), Type.Literal("void")]),
    /** Why the cell is void, e.g. which side saw what; empty where it is ok. */
    reasons: Type.Array(Type.String()),
    roundTrips: Type.Integer(),
    /** From the first to the end of the last round trip, seconds, with the untimed work between them. */
    elapsedSeconds: Type.Number(),
    /** Sum, smallest and largest of the round trips, seconds; 0 where there are none. */
    sumSeconds: Type.Number(),
    minSeconds: Type.Number(),
    maxSeconds: Type.Number(),
    /** All round trips: HdrHistogram V2, compressed, base64; whole nanoseconds, 3 significant digits. */
    histogram: Type.String(),
    /** Medians of the first and the last third in order of time, seconds: a trend shows as their difference. */
    firstThirdP50Seconds: Type.Number(),
    lastThirdP50Seconds: Type.Number(),
    /** Round trips whose event came only by a rescan, and acks of another round that were not accepted. */
    misses: Type.Integer(),
    staleAcks: Type.Integer(),
    /** Garbage collections in the initiator while the cell ran. */
    gc: Type.Object({ count: Type.Integer(), seconds: Type.Number() }),
    /**
     * Of a `phases` cell: the parts of a round trip in their order, each the mean over the middle half of the round trips
     * (by their whole length), so that their sum is the mean of that half.
     */
    phases: Type.Optional(Type.Array(Phase)),
    /**
     * What the cell took: the initiator's by its measured process, right before the first and right after the last round
     * trip; the responder's by its control server, around that. Absent in a void cell.
     */
    usage: Type.Optional(Type.Object({ initiator: Counters, responder: Counters })),
});
export type CellRecord = Static<typeof CellRecord>;

/**
 * What Prometheus saw of one container over a block, from its scrapes of the container itself. What counts up is scaled
 * from the time between the first and the last scrape within the block to the whole block.
 */
export const Scraped = Type.Object({
    /** Scrapes within the block, and seconds from the first to the last of them. */
    scrapes: Type.Integer(),
    seconds: Type.Number(),
    cpuSeconds: reading(Type.Number()),
    throttledSeconds: reading(Type.Number()),
    /** The largest of the scrapes. */
    memoryPeakBytes: reading(Type.Integer()),
    blockReadBytes: reading(Type.Number()),
    blockWriteBytes: reading(Type.Number()),
    /** Of the container's Pod. */
    networkReceiveBytes: reading(Type.Number()),
    networkSendBytes: reading(Type.Number()),
    /** CPU time by the kubelet's cAdvisor, a second witness; only where the stack allows cluster-wide reads. */
    cadvisorCpuSeconds: reading(Type.Number()),
});
export type Scraped = Static<typeof Scraped>;

/** What the cluster's metrics API (`metrics.k8s.io`) says of one container, of a window that lies within the block. */
export const ApiMetrics = Type.Object({
    /** Seconds that the figures stand for. */
    windowSeconds: Type.Number(),
    /** CPU seconds per second. */
    cpuCores: Type.Number(),
    /** Working set. */
    memoryBytes: Type.Integer(),
});
export type ApiMetrics = Static<typeof ApiMetrics>;

/** A journal entry: one arm with fresh processes at both ends. */
export const Block = Type.Object({
    schemaVersion: Type.Literal(schemaVersion),
    runId: Type.String(),
    /** Position in the schedule; an entry of the same index replaces none: entries are written once. */
    index: Type.Integer(),
    round: Type.Integer(),
    arm: ArmName,
    /** From 1; a disturbed or void block is repeated, at most 3 attempts. */
    attempt: Type.Integer(),
    /**
     * `ok`; `disturbed` (kept, marked); `void` (not used; the arm is given up); `unavailable` (the cluster can't offer the
     * arm, which is no failure; the arm is given up).
     */
    state: Type.Union([
        Type.Literal("ok"),
        Type.Literal("disturbed"),
        Type.Literal("void"),
        Type.Literal("unavailable"),
    ]),
    /** Why the block is not `ok`, and why earlier attempts were repeated (`attempt 1: ...`). */
    reasons: Type.Array(Type.String()),
    /** RFC 3339, by the driver's clock; for people. */
    startedAt: Type.String(),
    seconds: Type.Number(),
    /** Of the API server, e.g. `v1.36.4`. */
    kubernetesVersion: reading(Type.String()),
    cells: Type.Array(CellRecord),
    /** Initiator, responder. */
    containers: Type.Array(
        Type.Object({
            info: Info,
            /** As Kubernetes says. */
            qosClass: reading(Type.String()),
            before: Counters,
            after: Counters,
            /** Over the block. */
            host: reading(HostContext),
            /** By other witnesses than `before` and `after`, over the time between these; absent in a run without metrics. */
            metrics: Type.Optional(Type.Object({ prometheus: reading(Scraped), api: reading(ApiMetrics) })),
        }),
    ),
    /** When `before` and `after` were read, seconds since 1970 by the driver's clock; absent where they were not. */
    window: Type.Optional(Type.Object({ startSeconds: Type.Number(), endSeconds: Type.Number() })),
});
export type Block = Static<typeof Block>;

/** What the driver is doing now; for the live display only, never a result. */
export const Progress = Type.Object({
    phase: Type.Union([Type.Literal("measuring"), Type.Literal("aggregating"), Type.Literal("done")]),
    block: Type.Integer(),
    blocks: Type.Integer(),
    /** Cells done in all, of so many. */
    cell: Type.Integer(),
    cells: Type.Integer(),
    arm: Type.Optional(ArmName),
    mode: Type.Optional(ModeName),
    size: Type.Optional(Type.Integer()),
    remainingSeconds: Type.Number(),
});
export type Progress = Static<typeof Progress>;

const quantile = () =>
    Type.Optional(
        Type.Number({
            description: "Nearest-rank quantile of all round trips; absent where fewer than 10 lie above it",
        }),
    );
const quantileInterval =
    "95% bootstrap interval over trials; absent with fewer than 2 trials, without the quantile, and in results that were written before it was kept";
const interval = (description: string) => Type.Tuple([Type.Number(), Type.Number()], { description });

/** What one container used for a round trip, on average over all trials; memory: the largest that was seen. */
export const RoundTripUsage = Type.Object({
    cpuSeconds: reading(Type.Number()),
    throttledSeconds: reading(Type.Number({ description: "In all, not per round trip" })),
    memoryPeakBytes: reading(Type.Integer({ description: "Since the container started" })),
    blockReadBytes: reading(Type.Number()),
    blockWriteBytes: reading(Type.Number()),
    readBytes: reading(Type.Number({ description: "By read calls, of files and sockets" })),
    writeBytes: reading(Type.Number({ description: "By write calls, to files and sockets" })),
    voluntarySwitches: reading(Type.Number()),
    involuntarySwitches: reading(Type.Number()),
    networkReceiveBytes: reading(Type.Number()),
    networkSendBytes: reading(Type.Number()),
    loopbackBytes: reading(Type.Number()),
});
export type RoundTripUsage = Static<typeof RoundTripUsage>;

/** One arm at one size over all trials, in the closed loop. */
export const Cell = Type.Object({
    arm: ArmName,
    size: Type.Integer({ description: "Payload, bytes" }),
    trials: Type.Integer({ description: "Times the cell was measured with fresh processes at both ends" }),
    roundTrips: Type.Integer(),
    minSeconds: Type.Number(),
    meanSeconds: Type.Number(),
    maxSeconds: Type.Number(),
    p50Seconds: quantile(),
    p90Seconds: quantile(),
    p99Seconds: quantile(),
    p999Seconds: quantile(),
    p50IntervalSeconds: Type.Optional(interval(quantileInterval)),
    p99IntervalSeconds: Type.Optional(interval(quantileInterval)),
    throughputBytesPerSecond: Type.Number({
        description: "Payload bytes handed over per second of round-trip time (closed loop: size / mean)",
    }),
    misses: Type.Integer(),
    staleAcks: Type.Integer(),
    gc: Type.Object({ count: Type.Integer(), seconds: Type.Number() }),
    cpuSecondsPerRoundTrip: reading(Type.Number({ description: "CPU time of both containers together" })),
    usage: Type.Optional(
        Type.Object(
            { initiator: RoundTripUsage, responder: RoundTripUsage },
            { description: "Per round trip; absent in a stack output that would be larger than 64 KiB with it" },
        ),
    ),
});
export type Cell = Static<typeof Cell>;

/** An arm over all its sizes, for the comparison with another run. */
export const Level = Type.Object({
    arm: ArmName,
    trials: Type.Integer({ description: "Those with a median at all sizes" }),
    seconds: Type.Number({ description: "Geometric mean over these trials and all sizes of a trial's median" }),
    intervalSeconds: Type.Optional(interval("95% interval over trials; absent with fewer than 2")),
});
export type Level = Static<typeof Level>;

/** One main arm at one size at a fixed rate: times from the intended start, so that queueing shows. */
export const OpenLoopCell = Type.Object({
    arm: ArmName,
    size: Type.Integer(),
    trials: Type.Integer(),
    roundTrips: Type.Integer(),
    ratePerSecond: Type.Number({ description: "Intended" }),
    achievedPerSecond: Type.Number(),
    p50Seconds: quantile(),
    p90Seconds: quantile(),
    p99Seconds: quantile(),
    p999Seconds: quantile(),
    maxSeconds: Type.Number(),
});
export type OpenLoopCell = Static<typeof OpenLoopCell>;

/** One main arm at one size with several round trips in flight. */
export const ThroughputCell = Type.Object({
    arm: ArmName,
    size: Type.Integer(),
    trials: Type.Integer(),
    roundTrips: Type.Integer(),
    concurrency: Type.Integer({ description: "Round trips in flight" }),
    roundTripsPerSecond: Type.Number(),
    bytesPerSecond: Type.Number({ description: "Payload bytes handed over per second" }),
    p50Seconds: quantile(),
    p99Seconds: quantile(),
});
export type ThroughputCell = Static<typeof ThroughputCell>;

/** The parts of a round trip of one main arm at one size, from its diagnostic cells. */
export const PhaseBreakdown = Type.Object({
    arm: ArmName,
    size: Type.Integer(),
    trials: Type.Integer(),
    totalSeconds: Type.Number({ description: "Sum of the parts: mean of the middle half of the round trips" }),
    parts: Type.Array(Phase),
});
export type PhaseBreakdown = Static<typeof PhaseBreakdown>;

/** Who is faster at one size. */
export const Verdict = Type.Union([
    Type.Literal("network faster"),
    Type.Literal("volume faster"),
    Type.Literal("no difference"),
    Type.Literal("inconclusive"),
]);
export type Verdict = Static<typeof Verdict>;

/** Median of the volume arm over median of the network arm at one size. */
export const Ratio = Type.Object({
    size: Type.Integer({ description: "Payload, bytes" }),
    ratio: Type.Number({
        description: "p50 of volume/chokidar over p50 of network/cluster-ip: above 1 the network is faster",
    }),
    interval: Type.Optional(interval("95% bootstrap interval over trials; absent with fewer than 2 trials in an arm")),
    verdict: Verdict,
    noise: Type.Optional(
        Type.Number({
            description:
                "Noise floor as a factor, 1 or more: how far from 1 the A/A interval reaches at this size, or at the nearest sizes on both sides that have one; absent without the A/A arm",
        }),
    ),
    withinNoise: Type.Boolean({
        description: "Whether a faster arm is claimed although the difference is not larger than the noise floor",
    }),
});
export type Ratio = Static<typeof Ratio>;

/** Median of an arm over the median of its reference at one size: what a cause costs. */
export const Comparison = Type.Object({
    arm: ArmName,
    reference: ArmName,
    size: Type.Integer(),
    ratio: Type.Number(),
    interval: Type.Optional(interval("95% bootstrap interval over trials")),
});
export type Comparison = Static<typeof Comparison>;

/** Where the time of the slower main arm goes at one size, from its control arms. */
export const Attribution = Type.Object({
    size: Type.Integer(),
    arm: ArmName,
    parts: Type.Array(
        Type.Object({
            cause: Type.String({ description: "e.g. chokidar; of the last part: what is left" }),
            seconds: Type.Number({ description: "Difference of the medians; can be below 0 within the noise" }),
            share: Type.Number({ description: "Of the arm's median" }),
            interval: Type.Optional(interval("95% interval of the share")),
        }),
    ),
});
export type Attribution = Static<typeof Attribution>;

/** What Prometheus saw of one container of an arm, over all blocks of which it has figures. */
export const ContainerMetrics = Type.Object({
    arm: ArmName,
    role: Type.String(),
    blocks: Type.Integer({ description: "Blocks with figures" }),
    seconds: Type.Number({ description: "Length of those blocks together" }),
    cpuCores: reading(Type.Number({ description: "CPU seconds per second" })),
    throttledSeconds: reading(Type.Number({ description: "In all" })),
    memoryPeakBytes: reading(Type.Integer({ description: "The largest of all scrapes" })),
    blockReadBytesPerSecond: reading(Type.Number()),
    blockWriteBytesPerSecond: reading(Type.Number()),
    networkReceiveBytesPerSecond: reading(Type.Number({ description: "Of the Pod" })),
    networkSendBytesPerSecond: reading(Type.Number({ description: "Of the Pod" })),
    cpuDeviation: reading(
        Type.Number({
            description: "Prometheus' CPU seconds over the control group's, minus 1: of the same blocks, summed",
        }),
    ),
    cadvisorDeviation: reading(Type.Number({ description: "The same of cAdvisor's CPU seconds" })),
    apiDeviation: reading(
        Type.Number({ description: "The same of the metrics API's CPU, as if it stood for the whole of each block" }),
    ),
});
export type ContainerMetrics = Static<typeof ContainerMetrics>;

/** What the numbers were measured on. */
export const Environment = Type.Object({
    kubernetesVersion: reading(Type.String()),
    image: Type.String(),
    codeHash: Type.String(),
    placement: Type.Object({
        asked: Type.String(),
        /** What happened, per measured role: the node's name, hashed (first 12 hex digits of its SHA-256). */
        nodes: Type.Record(Type.String(), Type.String()),
        /** Of both main arms; `network/cross-node` is on two by its purpose. */
        sameNode: reading(Type.Boolean()),
    }),
    kernel: reading(Type.String()),
    cpuModel: reading(Type.String()),
    cpus: reading(Type.Integer()),
    nodeVersion: reading(Type.String()),
    cgroupVersion: reading(Type.Integer()),
    containerRuntime: reading(Type.String()),
    cni: reading(Type.String()),
    qosClass: reading(Type.String()),
    mitigations: reading(Type.Record(Type.String(), Type.String())),
    /** Over the run: the largest of any block. */
    stealFraction: reading(Type.Number()),
    /** File system of each shared volume that was used, by its name in arms.ts; `main` has the medium that was asked for. */
    volume: Type.Object({ medium: Type.String(), fileSystems: Type.Record(Type.String(), reading(Type.String())) }),
});
export type Environment = Static<typeof Environment>;

/** The measured results: the stack output `results` and the file `results.json`. The output has at most 64 KiB as JSON. */
export const Results = Type.Object(
    {
        schemaVersion: Type.Literal(schemaVersion),
        runId: Type.String(),
        /** False where the run could not finish; `incompleteReason` says why. */
        complete: Type.Boolean(),
        incompleteReason: Type.Optional(Type.String()),
        /** What ended the run early, where something did: the part of `incompleteReason` that the journal doesn't tell. */
        stopReason: Type.Optional(Type.String()),
        /** The verdict in one sentence, with what the difference comes from where the control arms tell. */
        summary: Type.String(),
        /** Of the earliest block, RFC 3339; empty where none was measured. */
        startedAt: Type.String(),
        plan: Type.Object({
            profile: Type.String(),
            seed: Type.Integer(),
            payload: Type.String(),
            rounds: Type.Integer(),
            maxRounds: Type.Integer(),
            targetHalfWidth: Type.Number(),
            cellSeconds: Type.Number(),
            cellRoundTrips: Type.Integer(),
            warmupSeconds: Type.Number(),
            warmupRoundTrips: Type.Integer(),
            arms: Type.Array(ArmName),
            sizes: Type.Array(Type.Integer()),
            controlSizes: Type.Array(Type.Integer()),
            repeatSizes: Type.Array(Type.Integer()),
            /** Absent in results that were written before it was kept. */
            diagnostics: Type.Optional(Plan.properties.diagnostics),
        }),
        /** Ascending by arm, then size. */
        cells: Type.Array(Cell),
        /**
         * In the order of the cells, in the closed loop; without arms of which no trial has a median at all sizes. Absent in
         * results that were written before it was kept.
         */
        levels: Type.Optional(Type.Array(Level)),
        /** Ascending by size; sizes that one of the main arms lacks are absent. */
        ratios: Type.Array(Ratio),
        /**
         * The size at which the faster arm changes, by interpolation of the ratio, and the sizes between which it lies with
         * 95%: an end is absent where it is beyond the measured sizes. All absent where it doesn't change, or more than once.
         */
        crossover: Type.Optional(
            Type.Object({
                size: Type.Number(),
                lowSize: Type.Optional(Type.Number()),
                highSize: Type.Optional(Type.Number()),
            }),
        ),
        /** Control arms against their references, by arm, then size. The A/A arm is among them. */
        comparisons: Type.Array(Comparison),
        /** Of the slower main arm, ascending by size, where all of its control arms were measured. */
        attributions: Type.Array(Attribution),
        phases: Type.Array(PhaseBreakdown),
        openLoop: Type.Array(OpenLoopCell),
        throughput: Type.Array(ThroughputCell),
        /** Arms that were asked for and could not be measured on this cluster. */
        unavailable: Type.Array(Type.Object({ arm: ArmName, reason: Type.String() })),
        /**
         * `planned`: without the rounds beyond `plan.rounds` that were not needed, and without what the cluster can't offer
         * (`unavailable`), so that a complete run has as many.
         */
        blocks: Type.Object({
            ok: Type.Integer(),
            disturbed: Type.Integer(),
            void: Type.Integer(),
            planned: Type.Integer(),
        }),
        /**
         * By arm, then role: initiator, responder. Absent in a run without metrics; an arm of which Prometheus has nothing
         * says why in each figure.
         */
        metrics: Type.Optional(Type.Array(ContainerMetrics)),
        /** Most that any measured container was throttled over the run; seconds. */
        throttledSeconds: reading(Type.Number()),
        environment: Environment,
        warnings: Type.Array(Type.String()),
    },
    { $id: "https://hopcost.io/schema/results-2.json", title: "hopcost results" },
);
export type Results = Static<typeof Results>;
