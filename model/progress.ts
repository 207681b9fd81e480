import { type Static, Type } from "@sinclair/typebox";
import { ArmName, ModeName } from "./fields.ts";

/** What the driver is doing now; only for the live display, never a result. */
export const Progress = Type.Object({
    phase: Type.Union([Type.Literal("measuring"), Type.Literal("aggregating"), Type.Literal("done")]),
    trial: Type.Integer(),
    trials: Type.Integer(),
    /** Cells done, and the total. */
    cell: Type.Integer(),
    cells: Type.Integer(),
    arm: Type.Optional(ArmName),
    mode: Type.Optional(ModeName),
    size: Type.Optional(Type.Integer()),
    remainingSeconds: Type.Number(),
});
export type Progress = Static<typeof Progress>;
