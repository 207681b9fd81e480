import { Type } from "@sinclair/typebox";
import { type Arm, allArms } from "./arms.ts";
import { type Mode, modes } from "./plan.ts";

/** Version of {@link Trial} and {@link Results}; a reader refuses another one. */
export const schemaVersion = 2;

export const ArmName = Type.Unsafe<Arm>(Type.Union(allArms.map((arm) => Type.Literal(arm))));
export const ModeName = Type.Unsafe<Mode>(Type.Union(modes.map((mode) => Type.Literal(mode))));
