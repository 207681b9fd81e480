import { type Static, Type } from "@sinclair/typebox";
import { ArmName, ModeName } from "./fields.ts";

/** What the driver is doing now; for the live display only, never a result. */
export const Progress = Type.Object({
    phase: Type.Union([Type.Literal("measuring"), Type.Literal("aggregating"), Type.Literal("done")]),
    trial: Type.Integer(),
    trials: Type.Integer(),
    /** Cells done in all, of so many. */
    cell: Type.Integer(),
    cells: Type.Integer(),
    arm: Type.Optional(ArmName),
    mode: Type.Optional(ModeName),
    size: Type.Optional(Type.Integer()),
    remainingSeconds: Type.Number(),
});
export type Progress = Static<typeof Progress>;
