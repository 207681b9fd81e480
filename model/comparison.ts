import { type Static, Type } from "@sinclair/typebox";
import { ArmName } from "./fields.ts";

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
        /** Whether both main arms changed in the same direction over all sizes while their ratio did not. */
        machineMoved: Type.Boolean(),
        warnings: Type.Array(Type.String()),
    },
    { $id: "https://hopcost.io/schema/compared-1.json", title: "hopcost compare" },
);
export type Compared = Static<typeof Compared>;
