import { type Static, Type } from "@sinclair/typebox";
import { ArmName, ModeName } from "./fields.ts";

/** Something that the driver can't do itself, and asks the command for. */
export const Wanted = Type.Object({
    /** `api-server-down`: stop the sandbox's API server, and start it again. */
    what: Type.Literal("api-server-down"),
    /** Another one each time: it is done once. */
    id: Type.String(),
    /** For how long. */
    seconds: Type.Number({ exclusiveMinimum: 0, maximum: 600 }),
});
export type Wanted = Static<typeof Wanted>;

/** What the driver is doing now; only for the live display, never a result. */
export const Progress = Type.Object({
    phase: Type.Union([
        Type.Literal("measuring"),
        Type.Literal("injecting"),
        Type.Literal("aggregating"),
        Type.Literal("done"),
    ]),
    trial: Type.Integer(),
    trials: Type.Integer(),
    /** Cells done, and the total. */
    cell: Type.Integer(),
    cells: Type.Integer(),
    arm: Type.Optional(ArmName),
    mode: Type.Optional(ModeName),
    size: Type.Optional(Type.Integer()),
    /** The scenarios; absent in a run without any, and before the first injection. */
    injecting: Type.Optional(
        Type.Object({
            done: Type.Integer(),
            planned: Type.Integer(),
            /** What goes on, e.g. `kill-process in hurt-net-1`. */
            current: Type.Array(Type.String()),
            /** Messages by outcome, of all injections that are done. */
            outcomes: Type.Record(Type.String(), Type.Integer()),
            /** The last injection that is done, and its outage with one attempt per message. */
            last: Type.Optional(
                Type.Object({ scenario: Type.String(), topology: Type.String(), outageSeconds: Type.Number() }),
            ),
            /** How many go on at once; absent if all that can. */
            atOnce: Type.Optional(Type.Integer()),
            /** What the command is asked for; absent once it has begun, or nobody did it. */
            wanted: Type.Optional(Wanted),
        }),
    ),
    remainingSeconds: Type.Number(),
});
export type Progress = Static<typeof Progress>;
