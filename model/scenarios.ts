/**
 * Scenarios: what happens to each topology when something happens to it. An injection is one execution of a scenario on one
 * topology, and the sampling unit; a sham does everything but the event.
 */
import { type Static, Type } from "@sinclair/typebox";
import type { Volume } from "./arms.ts";
import { DensityCell, DensityRecord } from "./density.ts";
import { Elasticity, ElasticityCell } from "./elasticity.ts";
import { Size, schemaVersion } from "./fields.ts";
import { dnsLabelPattern } from "./names.ts";
import { outcomes } from "./outcomes.ts";
import { volumePaths } from "./ports.ts";
import { RolloutAdvice } from "./rollouts.ts";
import { DurationFigure, FlowName, MedianFigure, ScenarioName, TopologyName } from "./scenario-fields.ts";
import { FlowShares, ShareCell } from "./shares.ts";

/**
 * How messages are delivered during an injection; all flows of a topology run at once, and meet the same event.
 * `once`: one attempt, given up at the deadline; `once-fresh`: the same, with a new connection for each message; `retry`: the
 * same id every 100 ms until 30 s; `retry-no-rescan`: the same with a reader that does not look for files that came before it.
 */
export const flows = {
    once: ["network", "volume"],
    "once-fresh": ["network"],
    retry: ["network", "volume"],
    "retry-no-rescan": ["volume"],
} as const satisfies Record<string, readonly ("network" | "volume")[]>;
/** A name in {@link flows}. */
export type Flow = keyof typeof flows;

/** The flows of a topology. */
export function flowsOf(topology: string): Flow[] {
    return (Object.keys(flows) as Flow[]).filter((flow) => (flows[flow] as readonly string[]).includes(topology));
}

/** A shared volume, by its name in arms.ts. */
export const VolumeName = Type.Unsafe<Volume>(Type.Union(Object.keys(volumePaths).map((name) => Type.Literal(name))));

/** One copy of a topology that injections may hurt; it has no Pods between injections. */
export const Instance = Type.Object({
    /** Name of its component, e.g. `hurt-net-1`: the label `app.kubernetes.io/instance` of its Pods. */
    name: Type.String({ pattern: dnsLabelPattern() }),
    topology: TopologyName,
    /** Its Deployments: the initiator's and the responder's, or one for both. */
    deployments: Type.Array(Type.String(), { minItems: 1 }),
    /** NetworkPolicy of the responder's Pod. */
    networkPolicy: Type.String(),
    /** PodDisruptionBudget of the responder's Pod; absent if no chosen scenario evicts. */
    budget: Type.Optional(Type.String()),
    /** Volumes that messages can pass; absent in a pair of Pods. */
    volumes: Type.Optional(Type.Array(VolumeName)),
    /** URL that the sender POSTs to; absent in a Pod that shares a volume. */
    uploadUrl: Type.Optional(Type.String()),
    /** Most Pods of the responder that a scenario may give it; absent: one. */
    replicas: Type.Optional(Type.Integer({ minimum: 1 })),
    /** Whether the reader is a native sidecar of the writer; absent: it is not. */
    sidecar: Type.Optional(Type.Boolean()),
});
export type Instance = Static<typeof Instance>;

/** A figure of {@link ScenarioCell}, or the last two of {@link ShareCell}, that theory bounds: seconds, messages, or a share. */
export const boundedFigures = [
    "outageSeconds",
    "recoverySeconds",
    "reactionSeconds",
    "undelivered",
    "lost",
    "busiestShare",
    "shareSeconds",
] as const;

/** What theory expects of a scenario on a topology. */
export const Expectation = Type.Object({
    scenario: ScenarioName,
    topology: TopologyName,
    /** e.g. `detection in 2 to 3 s, then the grace period of 5 s`. */
    text: Type.String(),
    /** What the medians over injections must be, in seconds or messages; `lost` is the sum over injections. */
    bounds: Type.Array(
        Type.Object({
            flow: FlowName,
            figure: Type.Union(boundedFigures.map((figure) => Type.Literal(figure))),
            least: Type.Optional(Type.Number()),
            most: Type.Optional(Type.Number()),
            /** Whether it must be censored: it never ends while it is watched. */
            never: Type.Optional(Type.Boolean()),
        }),
    ),
});
export type Expectation = Static<typeof Expectation>;

/** A scenario that can't be done, and why. */
export const SkippedScenario = Type.Object({ scenario: ScenarioName, topology: TopologyName, reason: Type.String() });
export type SkippedScenario = Static<typeof SkippedScenario>;

/** What is injected, and how often. */
export const ScenarioPlan = Type.Object({
    /** In the order of the list of scenarios. */
    names: Type.Array(ScenarioName, { minItems: 1, uniqueItems: true }),
    /** Injections of each scenario into each topology, unless it has fewer. */
    injections: Type.Integer({ minimum: 1, maximum: 1000 }),
    /** Injections of the scenarios that have fewer, by name. */
    fewer: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 1 }))),
    /** Shams of each topology, for all scenarios together. */
    shams: Type.Integer({ minimum: 0, maximum: 1000 }),
    /** Messages per second of each flow. */
    ratePerSecond: Type.Number({ exclusiveMinimum: 0 }),
    /** Bytes of a message. */
    payloadBytes: Size,
    /** From when a message is due until it is late. */
    deadlineSeconds: Type.Number({ exclusiveMinimum: 0 }),
    /** What theory expects of the scenarios. */
    expected: Type.Array(Expectation),
    /** What the configuration makes impossible; absent if that is nothing. */
    skipped: Type.Optional(Type.Array(SkippedScenario)),
});
export type ScenarioPlan = Static<typeof ScenarioPlan>;

/** Slots by outcome; they sum to the slots of the flow. */
export const OutcomeCounts = Type.Object(
    Object.fromEntries(outcomes.map((outcome) => [outcome, Type.Integer({ minimum: 0 })])) as Record<
        (typeof outcomes)[number],
        ReturnType<typeof Type.Integer>
    >,
);
export type OutcomeCounts = Static<typeof OutcomeCounts>;

/** Length of a bin of {@link Bins}, in seconds. */
export const binSeconds = 0.1;

/** What happened to the slots of a flow over time, in bins of 100 ms; the first one starts at `fromSeconds`. */
export const Bins = Type.Object({
    /** Relative to the injection, so mostly below 0. */
    fromSeconds: Type.Number(),
    /** Slots by outcome in each bin; outcomes that no slot had are absent. */
    outcomes: Type.Record(Type.String(), Type.Array(Type.Integer({ minimum: 0 }))),
    /** Latency of the acknowledged slots of each bin, from when they were due; microseconds; null without any. */
    p50Microseconds: Type.Array(Type.Union([Type.Number(), Type.Null()])),
    p99Microseconds: Type.Array(Type.Union([Type.Number(), Type.Null()])),
    maxMicroseconds: Type.Array(Type.Union([Type.Number(), Type.Null()])),
});
export type Bins = Static<typeof Bins>;

/** One flow of one injection. Times are relative to the injection, in seconds. */
export const FlowRecord = Type.Object({
    flow: FlowName,
    slots: Type.Integer({ minimum: 1 }),
    outcomes: OutcomeCounts,
    /** Messages that arrived more than once, with wrong content, or after a later one. */
    duplicated: Type.Integer(),
    corrupt: Type.Integer(),
    outOfOrder: Type.Integer(),
    /** First slot after the injection that was not on time; absent if all were. */
    firstBadSeconds: Type.Optional(Type.Number()),
    /** The longest time without service; 0 if every slot was on time. */
    outageSeconds: Type.Number(),
    /** The time of all slots that were not on time. */
    badSeconds: Type.Number(),
    /** Until service was as before; absent if that was not seen while it was watched. */
    recoverySeconds: Type.Optional(Type.Number()),
    /** Median latency before the injection; absent if nothing arrived before it. */
    baselineSeconds: Type.Optional(Type.Number()),
    /** How late the load generator itself offered: quantiles over the slots. */
    lateness: Type.Object({ p50Seconds: Type.Number(), p99Seconds: Type.Number(), maxSeconds: Type.Number() }),
    bins: Bins,
});
export type FlowRecord = Static<typeof FlowRecord>;

/** Something seen during an injection, on the initiator's time line. */
export const InjectionEvent = Type.Object({
    /** Relative to the injection. */
    atSeconds: Type.Number(),
    /** e.g. `receiver not ready`. */
    what: Type.String(),
});
export type InjectionEvent = Static<typeof InjectionEvent>;

/** A journal entry: one injection. */
export const Injection = Type.Object({
    schemaVersion: Type.Literal(schemaVersion),
    runId: Type.String(),
    /** In the schedule of injections, from 0. */
    index: Type.Integer({ minimum: 0 }),
    /** `sham` for a sham. */
    scenario: ScenarioName,
    topology: TopologyName,
    startedAt: Type.String(),
    /** Of the whole injection, with the start of its Pods. */
    seconds: Type.Number(),
    /**
     * `ok`; `void`: the event did not happen, or the outcomes don't sum to the slots; `skipped`: this cluster can't do it.
     */
    state: Type.Union([Type.Literal("ok"), Type.Literal("void"), Type.Literal("skipped")]),
    /** Why it is not ok. */
    reason: Type.Optional(Type.String()),
    /** What shows that the event happened; absent in a sham. */
    proof: Type.Optional(Type.String()),
    /** How long it was watched after the event, in seconds. */
    watchedSeconds: Type.Number(),
    /** From the event to the first reaction that the API showed (readiness, container state, endpoint); absent without any. */
    reactionSeconds: Type.Optional(Type.Number()),
    /** Uncertainty of all times that are relative to the injection: half the round trip of the clock's reading. */
    uncertaintySeconds: Type.Number(),
    /** CPU time of the initiator's process while it offered load, in cores; absent if it died. */
    initiatorCores: Type.Optional(Type.Number()),
    events: Type.Array(InjectionEvent),
    /** Of the flows of the topology; none unless `ok`, and none of `density`. */
    flows: Type.Array(FlowRecord),
    /** How messages were shared among the replicas of the responder; absent if there is only one. */
    shares: Type.Optional(Type.Array(FlowShares)),
    /** Of `density`, if it is ok. */
    density: Type.Optional(DensityRecord),
    /** What the autoscaler did; absent without one. */
    elasticity: Type.Optional(Elasticity),
});
export type Injection = Static<typeof Injection>;

/** What becomes of an injection, without what identifies it and how long it took. */
export type InjectionOutcome = Omit<
    Injection,
    "schemaVersion" | "runId" | "index" | "scenario" | "topology" | "startedAt" | "seconds"
>;

/** How late the load generator itself may be, as a share of the deadline of its messages: more, and a result shows the machine. */
export const latenessBound = 0.1;

/** The name of the injections that do everything but the event. */
export const sham = "sham";

/** One scenario on one topology, with one flow, over its injections. */
export const ScenarioCell = Type.Object({
    scenario: ScenarioName,
    topology: TopologyName,
    flow: FlowName,
    injections: Type.Integer({ description: "That count: state ok" }),
    outage: DurationFigure,
    recovery: DurationFigure,
    detection: Type.Optional(DurationFigure),
    /** From the event to the first reaction in the API. */
    reaction: Type.Optional(DurationFigure),
    watchedSeconds: Type.Number({
        description: "After the event: the least over injections that did not recover, or else over all",
    }),
    /** Of every injection that counts, in the order of the journal; seconds, null: longer than watched. */
    outages: Type.Array(Type.Union([Type.Number(), Type.Null()])),
    recoveries: Type.Array(Type.Union([Type.Number(), Type.Null()])),
    badSeconds: Type.Number({ description: "Mean over injections" }),
    slots: Type.Integer({ description: "Sum over injections" }),
    outcomes: OutcomeCounts,
    duplicated: Type.Integer(),
    corrupt: Type.Integer(),
    outOfOrder: Type.Integer(),
    /** Median over injections of messages that never arrived: failed, lost, unknown, not offered. */
    undelivered: MedianFigure,
    /** Fraction of injections with an acknowledged message that was lost; exact 95% CI. */
    lossy: Type.Object({ injections: Type.Integer(), interval: Type.Tuple([Type.Number(), Type.Number()]) }),
    latenessP99Seconds: Type.Number({ description: "Largest over injections" }),
    /**
     * Bins summed over injections; latencies: medians over injections, only of flow `once`. From 5 s before the injection
     * until all of the scenario's injections of both topologies have recovered and 2 s more, at most for 40 s, or less so that
     * all bins take at most 400 KiB. Empty in a stack output, as are the outages and recoveries.
     */
    bins: Bins,
});
export type ScenarioCell = Static<typeof ScenarioCell>;

/** Whether the outages of a scenario differ between the topologies, in one flow of both. */
export const ScenarioVerdict = Type.Object({
    scenario: ScenarioName,
    flow: FlowName,
    /**
     * Outage of the volume topology less that of the network, in seconds (Hodges-Lehmann); null: censored in at least half of
     * the injections. Ends of the interval are null if they are not known.
     */
    shiftSeconds: Type.Union([Type.Number(), Type.Null()]),
    interval: Type.Optional(
        Type.Tuple([Type.Union([Type.Number(), Type.Null()]), Type.Union([Type.Number(), Type.Null()])]),
    ),
    verdict: Type.Union([
        Type.Literal("network shorter"),
        Type.Literal("volume shorter"),
        Type.Literal("no difference"),
        Type.Literal("inconclusive"),
    ]),
});
export type ScenarioVerdict = Static<typeof ScenarioVerdict>;

/** Whether the figures agree with an {@link Expectation}. */
export const Expected = Type.Object({
    scenario: ScenarioName,
    topology: TopologyName,
    /** The expectation's text. */
    expectation: Type.String(),
    /** Absent if there are too few injections to decide. */
    holds: Type.Optional(Type.Boolean()),
    /** What differs; absent if it holds. */
    found: Type.Optional(Type.String()),
});
export type Expected = Static<typeof Expected>;

/** The scenarios of a run. */
export const ScenarioResults = Type.Object({
    plan: Type.Omit(ScenarioPlan, ["expected", "skipped"]),
    /** In the order of the plan, shams last. */
    cells: Type.Array(ScenarioCell),
    verdicts: Type.Array(ScenarioVerdict),
    expected: Type.Array(Expected),
    /** Of the scenarios with an autoscaler; absent without one. */
    elasticity: Type.Optional(Type.Array(ElasticityCell)),
    /** Injections that don't count, each with the reason. */
    void: Type.Array(
        Type.Object({ index: Type.Integer(), scenario: ScenarioName, topology: TopologyName, reason: Type.String() }),
    ),
    /** Scenarios that this cluster can't do. */
    skipped: Type.Array(SkippedScenario),
    /** Events of one injection of each scenario and topology, the first that counts, for the time lines. */
    events: Type.Array(
        Type.Object({ scenario: ScenarioName, topology: TopologyName, events: Type.Array(InjectionEvent) }),
    ),
    /** How messages were shared among replicas, in the order of the cells; absent if no scenario has several. */
    shares: Type.Optional(Type.Array(ShareCell)),
    /** What its rollouts show to be worth setting; absent if nothing. */
    advice: Type.Optional(Type.Array(RolloutAdvice)),
    /** Of `density`, by topology; absent without its injections. */
    density: Type.Optional(Type.Array(DensityCell)),
    /** What it means, in one sentence. */
    summary: Type.String(),
});
export type ScenarioResults = Static<typeof ScenarioResults>;
