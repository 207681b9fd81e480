import { type Static, Type } from "@sinclair/typebox";
import { ArmName, ModeName, schemaVersion, UnavailableArm } from "./fields.ts";
import { Plan } from "./plan.ts";
import { reading } from "./reading.ts";
import { Phase } from "./trial.ts";

const quantile = () =>
    Type.Optional(
        Type.Number({
            description: "Nearest-rank quantile of all round trips; absent where fewer than 10 lie above it",
        }),
    );
const quantileInterval =
    "95% bootstrap interval over trials; absent with fewer than 2 trials, without the quantile, and where a stack output leaves it out";
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
export const Geomean = Type.Object({
    arm: ArmName,
    trials: Type.Integer({ description: "Those with a median at all sizes" }),
    seconds: Type.Number({ description: "Geometric mean over these trials and all sizes of a trial's median" }),
    intervalSeconds: Type.Optional(interval("95% interval over trials; absent with fewer than 2")),
});
export type Geomean = Static<typeof Geomean>;

/** One main arm at one size at a fixed rate: times from the intended start, so that queueing shows. */
export const ConstantRateCell = Type.Object({
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
export type ConstantRateCell = Static<typeof ConstantRateCell>;

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

/** One arm at one size in a mode that this version does not know. */
export const OtherModeCell = Type.Object({
    arm: ArmName,
    mode: ModeName,
    size: Type.Integer(),
    trials: Type.Integer(),
    roundTrips: Type.Integer(),
    p50Seconds: quantile(),
    p90Seconds: quantile(),
    p99Seconds: quantile(),
    p999Seconds: quantile(),
});
export type OtherModeCell = Static<typeof OtherModeCell>;

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

/** Where the time of the slower main arm goes at one size, from its ablation arms. */
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

/** What Prometheus saw of one container of an arm, over all trials of which it has figures. */
export const ContainerMetrics = Type.Object({
    arm: ArmName,
    role: Type.String(),
    trials: Type.Integer({ description: "Trials with figures" }),
    seconds: Type.Number({ description: "Length of those trials together" }),
    cpuCores: reading(Type.Number({ description: "CPU seconds per second" })),
    throttledSeconds: reading(Type.Number({ description: "In all" })),
    memoryPeakBytes: reading(Type.Integer({ description: "The largest of all scrapes" })),
    blockReadBytesPerSecond: reading(Type.Number()),
    blockWriteBytesPerSecond: reading(Type.Number()),
    networkReceiveBytesPerSecond: reading(Type.Number({ description: "Of the Pod" })),
    networkSendBytesPerSecond: reading(Type.Number({ description: "Of the Pod" })),
    cpuDeviation: reading(
        Type.Number({
            description: "Prometheus' CPU seconds over the cgroup's, minus 1: of the same trials, summed",
        }),
    ),
    cadvisorDeviation: reading(Type.Number({ description: "The same of cAdvisor's CPU seconds" })),
    apiDeviation: reading(
        Type.Number({ description: "The same of the metrics API's CPU, as if it stood for the whole of each trial" }),
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
    /** Over the run: the largest of any trial. */
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
        /** The verdict in one sentence, with what the difference comes from where the ablation arms tell. */
        summary: Type.String(),
        /** Of the earliest trial, RFC 3339; empty where none was measured. */
        startedAt: Type.String(),
        /** Version of hopcost that made the plan. */
        hopcostVersion: Type.String(),
        /** What was measured: `cells` ascending by arm, in the order of the modes, sizes ascending. */
        plan: Type.Pick(Plan, [
            "profile",
            "seed",
            "payload",
            "rounds",
            "maxRounds",
            "targetHalfWidth",
            "cellSeconds",
            "cellRoundTrips",
            "warmupSeconds",
            "warmupRoundTrips",
            "cells",
            "diagnosticSeconds",
            "ratePerSecond",
            "concurrency",
        ]),
        /** Ascending by arm, then size. */
        cells: Type.Array(Cell),
        /**
         * In the order of the cells, in the closed loop; without arms of which no trial has a median at all sizes.
         */
        geomeans: Type.Array(Geomean),
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
        /** Ablation arms against their references, by arm, then size. The A/A arm is among them. */
        comparisons: Type.Array(Comparison),
        /** Of the slower main arm, ascending by size, where all of its ablation arms were measured. */
        attributions: Type.Array(Attribution),
        phases: Type.Array(PhaseBreakdown),
        constantRate: Type.Array(ConstantRateCell),
        throughput: Type.Array(ThroughputCell),
        /** Cells in modes that the version which wrote the results does not know; absent if there are none. */
        otherModes: Type.Optional(Type.Array(OtherModeCell)),
        /** Arms that were asked for and could not be measured on this cluster. */
        unavailable: Type.Array(UnavailableArm),
        /**
         * `planned`: without the rounds beyond `plan.rounds` that were not needed, and without what the cluster can't offer
         * (`unavailable`), so that a complete run has as many.
         */
        trials: Type.Object({
            ok: Type.Integer(),
            noisy: Type.Integer(),
            discarded: Type.Integer(),
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
    { $id: "https://hopcost.io/schema/results-3.json", title: "hopcost results" },
);
export type Results = Static<typeof Results>;
