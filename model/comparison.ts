import { type Static, Type } from "@sinclair/typebox";
import { ArmName } from "./fields.ts";
import { ScenarioName, TopologyName } from "./scenario-fields.ts";

/** The outcome of a change: `slower` or `faster` for an arm, `higher` or `lower` for the ratio volume / network. */
export const ChangeOutcome = Type.Union(
    [
        Type.Literal("slower"),
        Type.Literal("faster"),
        Type.Literal("higher"),
        Type.Literal("lower"),
        Type.Literal("no difference"),
        Type.Literal("no significant change"),
        Type.Literal("inconclusive"),
    ],
    {
        description:
            "slower, faster, higher, lower: the whole interval is on one side of 1; no difference: it is within 3% of 1; inconclusive: there is no interval",
    },
);
export type ChangeOutcome = Static<typeof ChangeOutcome>;

/** How a figure changed from A to B over all sizes; the figure is the geomean over them. */
export const OverallChange = Type.Object({
    a: Type.Optional(
        Type.Number({
            description: "Seconds, or the ratio; for several runs their geometric mean; absent if a run lacks it",
        }),
    ),
    b: Type.Optional(Type.Number()),
    factor: Type.Optional(Type.Number({ description: "B over A: 1.05 is 5% more" })),
    interval: Type.Optional(
        Type.Tuple([Type.Number(), Type.Number()], {
            description:
                "Of the factor, 95%: over all sizes its own; for single sizes the intervals of all sizes of an arm hold jointly",
        }),
    ),
    outcome: ChangeOutcome,
    reason: Type.Optional(Type.String({ description: "Why there is no interval" })),
});
export type OverallChange = Static<typeof OverallChange>;

/** How a figure changed from A to B at one size. */
export const Change = Type.Object({
    size: Type.Integer({ description: "Payload, bytes" }),
    ...OverallChange.properties,
});
export type Change = Static<typeof Change>;

/** A figure at all its sizes, ascending, and over them; p99 has no overall figure. */
export const Changes = Type.Object({ overall: Type.Optional(OverallChange), sizes: Type.Array(Change) });
export type Changes = Static<typeof Changes>;

const Seconds = Type.Union([Type.Number(), Type.Null()]);

/** How the outage of a scenario changed from A to B on one topology, with one attempt per message (flow `once`). */
export const OutageChange = Type.Object({
    scenario: ScenarioName,
    topology: TopologyName,
    a: Type.Optional(
        Type.Union([Type.Number(), Type.Null()], {
            description:
                "Median over injections, of several runs over those of all; seconds; null: not over while it was watched; absent if a run lacks it",
        }),
    ),
    b: Type.Optional(Seconds),
    watchedSeconds: Type.Optional(
        Type.Number({ description: "How long what was not over was watched at least; absent if neither side has it" }),
    ),
    shiftSeconds: Type.Optional(
        Type.Union([Type.Number(), Type.Null()], {
            description: "B less A (Hodges-Lehmann); null: not known, as at least half of the outages were not over",
        }),
    ),
    interval: Type.Optional(
        Type.Tuple([Seconds, Seconds], { description: "Of the shift, 95%; null: an end that is not known" }),
    ),
    noiseFloorSeconds: Type.Optional(
        Type.Union([Type.Number(), Type.Null()], {
            description: "The smallest shift that is not noise, from the shams of A and B; null: a sham was not over",
        }),
    ),
    outcome: Type.Union(
        [Type.Literal("longer"), Type.Literal("shorter"), Type.Literal("no difference"), Type.Literal("inconclusive")],
        {
            description:
                "longer, shorter: the whole interval is on one side of 0, and the shift exceeds the noise floor; no difference: the interval is within the noise floor; inconclusive: neither, or no interval",
        },
    ),
    reason: Type.Optional(Type.String({ description: "Why the interval or the shift is missing" })),
});
export type OutageChange = Static<typeof OutageChange>;

/** A run on one side of the comparison. */
export const ComparedRun = Type.Object({
    runId: Type.String(),
    startedAt: Type.String({ description: "As in the results" }),
    incompleteReason: Type.Optional(Type.String({ description: "Absent if the run is complete" })),
});
export type ComparedRun = Static<typeof ComparedRun>;

/** A field of the environment or the plan that differs between runs, with the distinct values of each side. */
export const Difference = Type.Object({
    field: Type.String({ description: "e.g. environment.kernel, plan.rounds" }),
    a: Type.Array(Type.String()),
    b: Type.Array(Type.String()),
});
export type Difference = Static<typeof Difference>;

/** Two runs, or two sets of runs, side by side: what `hopcost compare --json` prints. */
export const Compared = Type.Object(
    {
        schemaVersion: Type.Literal(1),
        /** What changed, in words. */
        summary: Type.String(),
        a: Type.Array(ComparedRun),
        b: Type.Array(ComparedRun),
        /** Empty if all runs were measured under the same conditions. */
        differences: Type.Array(Difference),
        /** Volume over network, in which drift of the machine cancels out; no sizes if a main arm is missing. */
        ratio: Changes,
        /** By arm: p50, and p99 at the sizes where all runs have it. */
        arms: Type.Array(Type.Object({ arm: ArmName, p50: Changes, p99: Changes })),
        /** Outages of the scenarios, in the order of the runs, A first; empty if no run has scenarios. */
        outages: Type.Array(OutageChange),
        /** Whether both main arms changed in the same direction over all sizes while their ratio did not. */
        machineMoved: Type.Boolean(),
        warnings: Type.Array(Type.String()),
    },
    { $id: "https://hopcost.io/schema/compared-1.json", title: "hopcost compare" },
);
export type Compared = Static<typeof Compared>;
