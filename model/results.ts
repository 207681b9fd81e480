import { type Static, Type } from "@sinclair/typebox";
import { ArmName, ModeName, schemaVersion, UnavailableArm } from "./fields.ts";
import { Plan } from "./plan.ts";
import { reading } from "./reading.ts";
import { ScenarioResults } from "./scenarios.ts";
import { Phase } from "./trial.ts";

const quantile = () =>
    Type.Optional(
        Type.Number({
            description: "Nearest-rank quantile of all round trips; absent if fewer than 10 lie above it",
        }),
    );
const quantileInterval =
    "95% bootstrap interval over trials; absent with fewer than 2 trials, without the quantile, and if a stack output leaves it out";
const interval = (description: string) => Type.Tuple([Type.Number(), Type.Number()], { description });

/** Average usage of one container per round trip, over all trials; memory: the peak. */
export const RoundTripUsage = Type.Object({
    cpuSeconds: reading(Type.Number()),
    throttledSeconds: reading(Type.Number({ description: "Total, not per round trip" })),
    memoryPeakBytes: reading(Type.Integer({ description: "Since the container started" })),
    blockReadBytes: reading(Type.Number()),
    blockWriteBytes: reading(Type.Number()),
    readBytes: reading(Type.Number({ description: "By read calls, from files and sockets" })),
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
    trials: Type.Integer({ description: "Number of times the cell was measured with fresh processes at both ends" }),
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
            { description: "Per round trip; absent in a stack output that would exceed 64 KiB with it" },
        ),
    ),
});
export type Cell = Static<typeof Cell>;

/** Geomean of an arm over all its sizes, for the comparison with another run. */
export const Geomean = Type.Object({
    arm: ArmName,
    trials: Type.Integer({ description: "Trials with a median at all sizes" }),
    seconds: Type.Number({ description: "Geometric mean of the trials' medians over these trials and all sizes" }),
    intervalSeconds: Type.Optional(interval("95% interval over trials; absent with fewer than 2")),
});
export type Geomean = Static<typeof Geomean>;

/** One main arm at one size at a constant rate: times from the intended start, so that they include queueing. */
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

/** The parts of a round trip of one main arm at one size, from its `phases` cells. */
export const PhaseBreakdown = Type.Object({
    arm: ArmName,
    size: Type.Integer(),
    trials: Type.Integer(),
    totalSeconds: Type.Number({ description: "Sum of the parts: the mean over the middle half of the round trips" }),
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
        description: "Whether an arm is reported as faster although the difference does not exceed the noise floor",
    }),
});
export type Ratio = Static<typeof Ratio>;

/** Median of an arm over the median of its reference at one size: the cost of a cause. */
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
            cause: Type.String({ description: "e.g. chokidar; for the last part: the rest" }),
            seconds: Type.Number({ description: "Difference of the medians; can be below 0 within noise" }),
            share: Type.Number({ description: "Fraction of the arm's median" }),
            interval: Type.Optional(interval("95% interval of the share")),
        }),
    ),
});
export type Attribution = Static<typeof Attribution>;

/** Prometheus' figures of one container of an arm, over all trials that have figures. */
export const ContainerMetrics = Type.Object({
    arm: ArmName,
    role: Type.String(),
    trials: Type.Integer({ description: "Trials with figures" }),
    seconds: Type.Number({ description: "Total length of these trials" }),
    cpuCores: reading(Type.Number({ description: "CPU seconds per second" })),
    throttledSeconds: reading(Type.Number({ description: "Total" })),
    memoryPeakBytes: reading(Type.Integer({ description: "The largest of all scrapes" })),
    blockReadBytesPerSecond: reading(Type.Number()),
    blockWriteBytesPerSecond: reading(Type.Number()),
    networkReceiveBytesPerSecond: reading(Type.Number({ description: "Of the Pod" })),
    networkSendBytesPerSecond: reading(Type.Number({ description: "Of the Pod" })),
    cpuDeviation: reading(
        Type.Number({
            description: "Prometheus' CPU seconds over the cgroup's, minus 1: sums over the same trials",
        }),
    ),
    cadvisorDeviation: reading(Type.Number({ description: "The same for cAdvisor's CPU seconds" })),
    apiDeviation: reading(
        Type.Number({ description: "The same for the metrics API's CPU, taken to represent each whole trial" }),
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
        /** Actual nodes by measured role: the name, hashed (first 12 hex digits of its SHA-256). */
        nodes: Type.Record(Type.String(), Type.String()),
        /** Of both main arms; `network/cross-node` is meant to use two nodes. */
        sameNode: reading(Type.Boolean()),
    }),
    kernel: reading(Type.String()),
    cpuModel: reading(Type.String()),
    /** In Kubernetes' words, e.g. `amd64`; absent in runs of older drivers. */
    architecture: Type.Optional(reading(Type.String())),
    cpus: reading(Type.Integer()),
    nodeVersion: reading(Type.String()),
    cgroupVersion: reading(Type.Integer()),
    containerRuntime: reading(Type.String()),
    cni: reading(Type.String()),
    qosClass: reading(Type.String()),
    mitigations: reading(Type.Record(Type.String(), Type.String())),
    /** Maximum over all trials. */
    stealFraction: reading(Type.Number()),
    /** File system of each shared volume that was used, by its name in arms.ts; `main` has the requested medium. */
    volume: Type.Object({ medium: Type.String(), fileSystems: Type.Record(Type.String(), reading(Type.String())) }),
});
export type Environment = Static<typeof Environment>;

/** The measured results: the stack output `results` and the file `results.json`. The output is at most 64 KiB of JSON. */
export const Results = Type.Object(
    {
        schemaVersion: Type.Literal(schemaVersion),
        runId: Type.String(),
        /** False if the run could not finish; `incompleteReason` says why. */
        complete: Type.Boolean(),
        incompleteReason: Type.Optional(Type.String()),
        /** What stopped the run early, if anything: the part of `incompleteReason` that the journal doesn't show. */
        stopReason: Type.Optional(Type.String()),
        /** The verdict in one sentence, with the cause of the difference if the ablation arms show it. */
        summary: Type.String(),
        /** Start of the earliest trial, RFC 3339; empty if none was measured. */
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
         * In the order of the cells, closed-loop only; without arms that have no trial with a median at all sizes.
         */
        geomeans: Type.Array(Geomean),
        /** Ascending by size; without sizes that one of the main arms lacks. */
        ratios: Type.Array(Ratio),
        /**
         * The size at which the faster arm changes, by interpolation of the ratio, and its 95% interval: an end is absent if it
         * is beyond the measured sizes. All absent if the faster arm doesn't change, or changes more than once.
         */
        crossover: Type.Optional(
            Type.Object({
                size: Type.Number(),
                lowSize: Type.Optional(Type.Number()),
                highSize: Type.Optional(Type.Number()),
            }),
        ),
        /** Ablation arms against their references, by arm, then size. Includes the A/A arm. */
        comparisons: Type.Array(Comparison),
        /** Of the slower main arm, ascending by size, if all of its ablation arms were measured. */
        attributions: Type.Array(Attribution),
        phases: Type.Array(PhaseBreakdown),
        constantRate: Type.Array(ConstantRateCell),
        throughput: Type.Array(ThroughputCell),
        /** Cells in modes unknown to the version that wrote the results; absent if there are none. */
        otherModes: Type.Optional(Type.Array(OtherModeCell)),
        /** Failures that were injected after the trials; absent without any. */
        scenarios: Type.Optional(ScenarioResults),
        /** Arms that were requested but could not be measured on this cluster. */
        unavailable: Type.Array(UnavailableArm),
        /**
         * `planned`: without unneeded rounds beyond `plan.rounds` and without arms that the cluster doesn't offer
         * (`unavailable`), so that a complete run has that many.
         */
        trials: Type.Object({
            ok: Type.Integer(),
            noisy: Type.Integer(),
            discarded: Type.Integer(),
            planned: Type.Integer(),
        }),
        /**
         * By arm, then role: initiator, responder. Absent in a run without metrics; if Prometheus has nothing about an arm, each
         * figure has the reason.
         */
        metrics: Type.Optional(Type.Array(ContainerMetrics)),
        /** Maximum throttling of a measured container over the run; seconds. */
        throttledSeconds: reading(Type.Number()),
        environment: Environment,
        warnings: Type.Array(Type.String()),
    },
    { $id: "https://hopcost.io/schema/results-3.json", title: "hopcost results" },
);
export type Results = Static<typeof Results>;
