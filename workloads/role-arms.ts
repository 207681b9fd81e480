import { type Arm, allArms, specOf } from "../model/arms.ts";
import type { MeasuredRole } from "../model/roles.ts";
import type { StartTrial } from "./agent/api.ts";

/** The arms of a role; both ends of a topology have the same ones. */
export function armsOf(role: MeasuredRole): Arm[] {
    const inOnePod = role === "writer" || role === "reader";
    return allArms.filter((arm) => (specOf(arm).topology === "volume") === inOnePod);
}

/** A role's entry for the trial's arm. @throws Error if the role doesn't have the arm */
export function entryOf<T>(table: Partial<Record<Arm, T>>, { arm }: StartTrial): T {
    const entry = table[arm as Arm];
    if (entry === undefined) throw new Error(`arm must be one of ${Object.keys(table).join(", ")}, got "${arm}"`);
    return entry;
}
