/** What `density` finds: how several pairs of a topology get along on the same machines. */
import { type Static, Type } from "@sinclair/typebox";
import { reading } from "./reading.ts";

/** The scenario. */
export const densityName = "density";

/** Seconds; null: longer than any, since so many messages were not acknowledged. */
const Latency = Type.Union([Type.Number(), Type.Null()]);

/** So many pairs at once, in one injection, over the time that is measured. */
export const DensityStep = Type.Object({
    /** Pairs of an initiator and a responder. */
    pairs: Type.Integer({ minimum: 1 }),
    /** Their Pods, and the addresses of these. */
    pods: Type.Integer(),
    addresses: Type.Integer(),
    /** The machines that their Pods are on; nodes of a sandbox share one. */
    machines: Type.Integer(),
    /** Messages that were due, and those of them that were not acknowledged. */
    messages: Type.Integer(),
    unacknowledged: Type.Integer(),
    /** Of the messages of each initiator. */
    latencies: Type.Array(Type.Object({ p50Seconds: Latency, p99Seconds: Latency })),
    /** CPU that the containers of all pairs used, in cores. */
    cpuCores: reading(Type.Number()),
    /** Memory of the containers of all pairs at the end. */
    memoryBytes: reading(Type.Number()),
    /** CPU that their machines used beside that, in cores: kubelet, proxy, container runtime, kernel, and whatever else runs there. */
    otherCores: reading(Type.Number()),
});
export type DensityStep = Static<typeof DensityStep>;

/** Pairs that could not all run, and why. */
const Unfit = Type.Object({ pairs: Type.Integer(), reason: Type.String() });

/** One injection of `density`. */
export const DensityRecord = Type.Object({
    /** In the order in which they were measured. */
    steps: Type.Array(DensityStep),
    unfit: Type.Array(Unfit),
});
export type DensityRecord = Static<typeof DensityRecord>;

/** A figure over injections; null: larger than any. */
export const DensityFigure = Type.Object({
    median: Type.Union([Type.Number(), Type.Null()]),
    interval: Type.Optional(
        Type.Tuple([Type.Union([Type.Number(), Type.Null()]), Type.Union([Type.Number(), Type.Null()])], {
            description: "95% CI by order statistics; absent with fewer than 6 injections",
        }),
    ),
});
export type DensityFigure = Static<typeof DensityFigure>;

/** What grows with the number of pairs: a latency is the median over the pairs of a step, all else the sum. */
export const DensityFigures = Type.Object({
    p50Seconds: reading(DensityFigure),
    p99Seconds: reading(DensityFigure),
    cpuCores: reading(DensityFigure),
    memoryBytes: reading(DensityFigure),
    otherCores: reading(DensityFigure),
});
export type DensityFigures = Static<typeof DensityFigures>;

/** The density of one topology, over its injections. */
export const DensityCell = Type.Object({
    topology: Type.String(),
    injections: Type.Integer({ description: "That count: state ok" }),
    podsPerPair: Type.Number(),
    addressesPerPair: Type.Number(),
    messages: Type.Integer({ description: "Sum over injections" }),
    unacknowledged: Type.Integer({ description: "Sum over injections" }),
    /** Ascending by pairs. */
    steps: Type.Array(Type.Object({ pairs: Type.Integer(), injections: Type.Integer(), ...DensityFigures.properties })),
    /** What each further pair adds: the slope over the number of pairs (Theil-Sen). Absent if there is only one number of pairs. */
    slopes: Type.Optional(DensityFigures),
    /** Pairs at which p99 is twice that of one pair; null: not reached. Absent if that of one pair is not known. */
    doubling: Type.Optional(DensityFigure),
    /** Pairs that did not fit, in how many injections, and the first reason. */
    unfit: Type.Array(Type.Object({ ...Unfit.properties, injections: Type.Integer() })),
    /** Every step of every injection, for the plot; empty in a stack output. */
    points: Type.Array(
        Type.Object({
            injection: Type.Integer({ description: "Its index" }),
            pairs: Type.Integer(),
            p50Seconds: Latency,
            p99Seconds: Latency,
        }),
    ),
});
export type DensityCell = Static<typeof DensityCell>;
