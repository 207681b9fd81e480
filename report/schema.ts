import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { allArms } from "./arms.ts";

/** Version of {@link Block} and {@link Results}; a reader refuses a newer one. */
export const schemaVersion = 1;

const ArmName = Type.Union(allArms.map((arm) => Type.Literal(arm)));
/** What could not be read says why; it is never 0. */
export const Unavailable = Type.Object({ unavailable: Type.String() }, { additionalProperties: false });
const reading = <T extends TSchema>(value: T) => Type.Union([value, Unavailable]);
/** A value, or the reason why the platform doesn't offer it. */
export type Reading<T> = T | Static<typeof Unavailable>;

/** Cumulative figures of one container, read from its cgroup outside the timed window. */
export const Counters = Type.Object({
    cpuSeconds: reading(Type.Number()),
    throttledPeriods: reading(Type.Integer()),
    throttledSeconds: reading(Type.Number()),
    memoryBytes: reading(Type.Integer()),
    memoryPeakBytes: reading(Type.Integer()),
});
export type Counters = Static<typeof Counters>;

/** Where and on what a container runs. */
export const Info = Type.Object({
    role: Type.String(),
    /** Random per start of the control server: a changed one means that the container was restarted. */
    bootId: Type.String(),
    nodeName: Type.String(),
    podName: Type.String(),
    nodeVersion: Type.String(),
    kernel: Type.String(),
    cpuModel: Type.String(),
    cpus: Type.Integer(),
    cgroupVersion: reading(Type.Integer()),
    /** File system type of the shared volume, e.g. `tmpfs`; absent in the network roles. */
    volumeFileSystem: Type.Optional(reading(Type.String())),
});
export type Info = Static<typeof Info>;

/** One arm at one size in one block. */
export const CellRecord = Type.Object({
    size: Type.Integer(),
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
});
export type CellRecord = Static<typeof CellRecord>;

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
    /** `ok`; `disturbed` (kept, marked); `void` (not used). */
    state: Type.Union([Type.Literal("ok"), Type.Literal("disturbed"), Type.Literal("void")]),
    /** Why the block is not `ok`, and why earlier attempts were repeated (`attempt 1: ...`). */
    reasons: Type.Array(Type.String()),
    /** RFC 3339, by the driver's clock; for people. */
    startedAt: Type.String(),
    seconds: Type.Number(),
    cells: Type.Array(CellRecord),
    containers: Type.Array(Type.Object({ info: Info, before: Counters, after: Counters })),
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

/** One arm at one size over all trials. */
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
    throughputBytesPerSecond: Type.Number({
        description: "Payload bytes handed over per second of round-trip time (closed loop: size / mean)",
    }),
    misses: Type.Integer(),
    staleAcks: Type.Integer(),
    gc: Type.Object({ count: Type.Integer(), seconds: Type.Number() }),
});
export type Cell = Static<typeof Cell>;

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
    interval: Type.Optional(
        Type.Tuple([Type.Number(), Type.Number()], {
            description: "95% bootstrap interval over trials; absent with fewer than 2 trials in an arm",
        }),
    ),
    verdict: Verdict,
});
export type Ratio = Static<typeof Ratio>;

/** What the numbers were measured on. */
export const Environment = Type.Object({
    kubernetesVersion: reading(Type.String()),
    image: Type.String(),
    codeHash: Type.String(),
    placement: Type.Object({
        asked: Type.String(),
        /** What happened, per measured role: the node's name, hashed (first 12 hex digits of its SHA-256). */
        nodes: Type.Record(Type.String(), Type.String()),
        sameNode: reading(Type.Boolean()),
    }),
    kernel: reading(Type.String()),
    cpuModel: reading(Type.String()),
    cpus: reading(Type.Integer()),
    nodeVersion: reading(Type.String()),
    cgroupVersion: reading(Type.Integer()),
    volume: Type.Object({ medium: Type.String(), fileSystem: reading(Type.String()) }),
});
export type Environment = Static<typeof Environment>;

/** The measured results: the stack output `results` and the file `results.json`. At most 64 KiB as JSON. */
export const Results = Type.Object(
    {
        schemaVersion: Type.Literal(schemaVersion),
        runId: Type.String(),
        /** False where the run could not finish; `incompleteReason` says why. */
        complete: Type.Boolean(),
        incompleteReason: Type.Optional(Type.String()),
        /** The verdict in one sentence. */
        summary: Type.String(),
        startedAt: Type.String(),
        plan: Type.Object({
            profile: Type.String(),
            seed: Type.Integer(),
            rounds: Type.Integer(),
            cellSeconds: Type.Number(),
            warmupSeconds: Type.Number(),
            warmupRoundTrips: Type.Integer(),
            arms: Type.Array(ArmName),
            sizes: Type.Array(Type.Integer()),
        }),
        /** Ascending by arm, then size. */
        cells: Type.Array(Cell),
        /** Ascending by size; sizes that one of the main arms lacks are absent. */
        ratios: Type.Array(Ratio),
        /** Sizes between which the faster arm changes; absent where it doesn't. */
        crossover: Type.Optional(Type.Object({ fromSize: Type.Integer(), toSize: Type.Integer() })),
        blocks: Type.Object({
            ok: Type.Integer(),
            disturbed: Type.Integer(),
            void: Type.Integer(),
            planned: Type.Integer(),
        }),
        /** Most that any measured container was throttled over the run; seconds. */
        throttledSeconds: reading(Type.Number()),
        environment: Environment,
        warnings: Type.Array(Type.String()),
    },
    { $id: "https://hopcost.io/schema/results-1.json", title: "hopcost results" },
);
export type Results = Static<typeof Results>;
