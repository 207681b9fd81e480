import { type Static, Type } from "@sinclair/typebox";
import { ComparedRun, Difference } from "./comparison.ts";
import { ArmName } from "./fields.ts";

/** The figures that can be limited: the command's options without the dashes. */
export const limitedFigures = ["max-ratio", "max-p99", "max-change"] as const;
/** One of {@link limitedFigures}. */
export type LimitedFigure = (typeof limitedFigures)[number];

/** A figure against its limit. */
export const Check = Type.Object({
    figure: Type.Unsafe<LimitedFigure>(Type.Union(limitedFigures.map((figure) => Type.Literal(figure)))),
    arm: Type.Optional(ArmName),
    size: Type.Optional(Type.Integer({ description: "Payload, bytes; absent for all sizes together" })),
    limit: Type.Number({ description: "max-ratio: volume over network; max-p99: seconds; max-change: B over A" }),
    value: Type.Optional(Type.Number({ description: "In the unit of the limit; absent if not measured" })),
    interval: Type.Optional(
        Type.Tuple([Type.Number(), Type.Number()], {
            description: "95% interval; for max-change the intervals of all sizes of an arm hold jointly with 95%",
        }),
    ),
    outcome: Type.Union([Type.Literal("pass"), Type.Literal("fail"), Type.Literal("inconclusive")], {
        description:
            "pass: the whole interval is at or below the limit; fail: it is above; inconclusive: neither, or no interval",
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
        /** By figure, then arm, then size; all sizes together come last. */
        checks: Type.Array(Check),
        /** What to know about the run or the baseline before trusting the outcome. */
        warnings: Type.Array(Type.String()),
        /** What the run was measured on, as text by field name. */
        environment: Type.Record(Type.String(), Type.String()),
    },
    { $id: "https://hopcost.io/schema/checked-1.json", title: "hopcost check" },
);
export type Checked = Static<typeof Checked>;
