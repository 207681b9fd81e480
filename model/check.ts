import { type Static, Type } from "@sinclair/typebox";
import { ComparedRun, Difference } from "./comparison.ts";
import { ArmName } from "./fields.ts";
import { ScenarioName, TopologyName } from "./scenario-fields.ts";

/** The figures that can be limited: the command's options without the dashes. */
export const limitedFigures = ["max-ratio", "max-p99", "max-change", "max-outage", "max-failed"] as const;
/** One of {@link limitedFigures}. */
export type LimitedFigure = (typeof limitedFigures)[number];

/** A figure against its limit. */
export const Check = Type.Object({
    figure: Type.Unsafe<LimitedFigure>(Type.Union(limitedFigures.map((figure) => Type.Literal(figure)))),
    arm: Type.Optional(ArmName),
    size: Type.Optional(
        Type.Integer({ description: "Payload, bytes; absent for all sizes together, and for scenarios" }),
    ),
    scenario: Type.Optional(ScenarioName),
    topology: Type.Optional(TopologyName),
    limit: Type.Number({
        description:
            "max-ratio: volume over network; max-p99, max-outage: seconds; max-change: B over A; max-failed: messages per injection",
    }),
    value: Type.Optional(
        Type.Union([Type.Number(), Type.Null()], {
            description:
                "In the unit of the limit; for scenarios the median over injections; null: an outage that was not over while it was watched; absent if not measured",
        }),
    ),
    interval: Type.Optional(
        Type.Tuple([Type.Union([Type.Number(), Type.Null()]), Type.Union([Type.Number(), Type.Null()])], {
            description: "95% interval; for max-change the intervals of all sizes of an arm hold jointly with 95%",
        }),
    ),
    watchedSeconds: Type.Optional(
        Type.Number({ description: "max-outage: how long an outage that was not over was watched at least" }),
    ),
    outcome: Type.Union([Type.Literal("pass"), Type.Literal("fail"), Type.Literal("inconclusive")], {
        description:
            "pass: the whole interval is at or below the limit; fail: it is above, or the value is null; inconclusive: neither, or no interval",
    }),
    message: Type.String({ description: "The outcome as a sentence" }),
    reason: Type.Optional(Type.String({ description: "Why there is no interval" })),
});
export type Check = Static<typeof Check>;

/** A run against limits: what `hopcost check --json` prints. */
export const Checked = Type.Object(
    {
        schemaVersion: Type.Literal(1),
        summary: Type.String(),
        run: ComparedRun,
        baseline: Type.Array(ComparedRun, { description: "Empty without a baseline" }),
        /** Between the baseline (A) and the run (B); empty if both were measured under the same conditions. */
        differences: Type.Array(Difference),
        /** By figure, then arm, then size; all sizes together come last. Of scenarios: in the order of the run. */
        checks: Type.Array(Check),
        /** What to know about the run or the baseline before trusting the outcome. */
        warnings: Type.Array(Type.String()),
        /** What the run was measured on, as text by field name. */
        environment: Type.Record(Type.String(), Type.String()),
    },
    { $id: "https://hopcost.io/schema/checked-1.json", title: "hopcost check" },
);
export type Checked = Static<typeof Checked>;
