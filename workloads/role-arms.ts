import { type Arm, allArms, specOf } from "../model/arms.ts";
import type { StartTrial } from "./agent/api.ts";
import type { Role } from "./settings.ts";

/** The arms in which a role takes part: both ends of a topology share theirs. */
export function armsOf(role: Role): Arm[] {
    const inOnePod = role === "writer" || role === "reader";
    return allArms.filter((arm) => (specOf(arm).topology === "volume") === inOnePod);
}

/** What a role's table says of the trial's arm. @throws Error where the role does not offer it */
export function entryOf<T>(table: Partial<Record<Arm, T>>, { arm }: StartTrial): T {
    const entry = table[arm as Arm];
    if (entry === undefined) throw new Error(`arm must be one of ${Object.keys(table).join(", ")}, got "${arm}"`);
    return entry;
}
