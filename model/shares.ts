/** How the messages of a flow are shared among the replicas of a responder: what its load balancing does. */
import { type Static, Type } from "@sinclair/typebox";
import { DurationFigure, FlowName, MedianFigure, ScenarioName, TopologyName } from "./scenario-fields.ts";

/** Length of a bin of arrivals, in seconds. */
export const shareBinSeconds = 1;

/** One replica of the responder, in one injection. Times are relative to the injection, in seconds. */
export const ReplicaShare = Type.Object({
    /** A number in the order in which they became ready, from `1`. */
    replica: Type.String(),
    readySeconds: Type.Number({ description: "When it was ready first" }),
    /** When it began to end; absent if it did not. */
    endSeconds: Type.Optional(Type.Number()),
    /**
     * From when it was ready until it had its share: the first second in which it received at least half of what it would if all that
     * were ready received equally; null: not while it was watched. Absent if it was ready before the injection.
     */
    untilShareSeconds: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    /** Messages that it received, by when they were due, in bins of 1 s; the first one is that of {@link FlowShares}. */
    arrivals: Type.Array(Type.Integer({ minimum: 0 })),
});
export type ReplicaShare = Static<typeof ReplicaShare>;

/** One flow of one injection. */
export const FlowShares = Type.Object({
    flow: FlowName,
    /** When the first bin starts, relative to the injection; whole seconds. */
    fromSeconds: Type.Number(),
    /** Share of the replica that received most while most replicas were ready, 0 to 1; absent if nothing arrived then. */
    busiest: Type.Optional(Type.Number()),
    replicas: Type.Array(ReplicaShare),
});
export type FlowShares = Static<typeof FlowShares>;

/** One flow of a scenario on a topology, over its injections. */
export const ShareCell = Type.Object({
    scenario: ScenarioName,
    topology: TopologyName,
    flow: FlowName,
    injections: Type.Integer({ description: "That count, and in which something arrived" }),
    replicas: Type.Integer({ description: "Median over injections of all that were ready at some time" }),
    /** Share of the busiest replica while most replicas were ready, 0 to 1; median over injections. */
    busiest: MedianFigure,
    /**
     * Until each new replica had its share: of an injection that of the slowest one. Absent if none became ready after the
     * injection.
     */
    untilShare: Type.Optional(DurationFigure),
    watchedSeconds: Type.Number({ description: "After the event: the least over injections" }),
    /** Of the first injection: arrivals of each replica in bins of 1 s. Empty in a stack output. */
    fromSeconds: Type.Number(),
    arrivals: Type.Record(Type.String(), Type.Array(Type.Integer({ minimum: 0 }))),
});
export type ShareCell = Static<typeof ShareCell>;
