/** How an autoscaler follows the load of a scenario: replicas over time, and what the difference costs. */
import { type Static, Type } from "@sinclair/typebox";
import { DurationFigure, FlowName, MedianFigure, ScenarioName, TopologyName } from "./scenario-fields.ts";

/** Replicas from a moment on, until the next step. */
export const ReplicaStep = Type.Object({
    /** Relative to the injection, at which the load changes. */
    atSeconds: Type.Number(),
    replicas: Type.Integer({ minimum: 0 }),
});
export type ReplicaStep = Static<typeof ReplicaStep>;

/** Ascending in time; the first one holds before the injection. */
export const ReplicaSteps = Type.Array(ReplicaStep, { minItems: 1 });

const Share = Type.Number({ minimum: 0, maximum: 1 });
/** Fewer or more replicas than the load needs, over the time that is watched after the injection. */
export const Mismatch = Type.Object({
    /** Share of the time in which there are fewer, or more. */
    timeShare: Share,
    /** Mean over all the time of the missing, or surplus, replicas per replica needed. */
    depth: Type.Number({ minimum: 0 }),
});
export type Mismatch = Static<typeof Mismatch>;

/**
 * The elasticity of a flow. @see Herbst et al., Quantifying Cloud Performance and Dependability, ACM ToMPECS 3(4), 2018: wrong
 * provisioning time share and provisioning accuracy
 */
export const FlowElasticity = Type.Object({
    flow: FlowName,
    /** Replicas that take the messages of an initiator: ready, and not idle behind a kept connection. */
    receiving: ReplicaSteps,
    under: Mismatch,
    over: Mismatch,
});
export type FlowElasticity = Static<typeof FlowElasticity>;

/** What an autoscaler did in one injection. */
export const Elasticity = Type.Object({
    /** CPU of the responder's container, alone, while no messages are offered, at the usual rate, and at the higher one. */
    idleCores: Type.Number({ minimum: 0 }),
    usualCores: Type.Number({ minimum: 0 }),
    higherCores: Type.Number({ minimum: 0 }),
    /** CPU of a container that the autoscaler aims at. */
    targetCores: Type.Number({ exclusiveMinimum: 0 }),
    /** The fewest replicas with which none uses more, as follows from these figures. */
    demand: ReplicaSteps,
    /** What the autoscaler asked for. */
    wanted: ReplicaSteps,
    /** Replicas that are ready. */
    ready: ReplicaSteps,
    flows: Type.Array(FlowElasticity),
    /** Until one more replica was ready; absent if none was while it was watched. */
    firstPodSeconds: Type.Optional(Type.Number()),
    /** From the return of the load until no more replicas were ready than are needed; absent if that was not seen. */
    scaledDownSeconds: Type.Optional(Type.Number()),
    /** What the autoscaler complained about, e.g. `FailedGetResourceMetric`, in the order in which it did. */
    complaints: Type.Array(Type.String()),
});
export type Elasticity = Static<typeof Elasticity>;

/** Elasticity over the injections of a scenario into a topology: medians, with 95% CIs by order statistics. */
export const ElasticityCell = Type.Object({
    scenario: ScenarioName,
    topology: TopologyName,
    injections: Type.Integer({ description: "That count: state ok" }),
    watchedSeconds: Type.Number({ description: "After the injection; the least over injections" }),
    calmSeconds: Type.Number({ description: "After the load was back; the least over injections" }),
    /** Replicas that the load needs at most, and that were ready at most. */
    needed: MedianFigure,
    mostReady: MedianFigure,
    firstPod: DurationFigure,
    /** Of the injections with one more replica; absent if none has. */
    scaledDown: Type.Optional(DurationFigure),
    flows: Type.Array(
        Type.Object({
            flow: FlowName,
            under: Type.Object({ timeShare: MedianFigure, depth: MedianFigure }),
            over: Type.Object({ timeShare: MedianFigure, depth: MedianFigure }),
        }),
    ),
    /** The first injection that counts, for the plot; absent in a stack output. */
    example: Type.Optional(Elasticity),
});
export type ElasticityCell = Static<typeof ElasticityCell>;
