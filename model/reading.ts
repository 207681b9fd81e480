import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** The reason why a figure could not be read; never 0 instead. */
export const Unavailable = Type.Object({ unavailable: Type.String() }, { additionalProperties: false });
/** The schema of a {@link Reading}. */
export const reading = <T extends TSchema>(value: T) => Type.Union([value, Unavailable]);
/** A value, or the reason why the platform doesn't offer it. */
export type Reading<T> = T | Static<typeof Unavailable>;

/** Whether a reading has a reason instead of a value. */
export function isUnavailable(reading: Reading<unknown>): reading is { unavailable: string } {
    return typeof reading === "object" && reading !== null && "unavailable" in reading;
}

/**
 * One figure from several readings.
 * @param readings in a fixed order; the first unavailable one gives the reason for the figure
 * @param none the reason if there are no readings
 */
export function combined<T, R>(
    readings: readonly Reading<T>[],
    combine: (values: readonly T[]) => R,
    none: string,
): Reading<R> {
    const missing = readings.find(isUnavailable);
    if (missing !== undefined) return missing;
    return readings.length === 0 ? { unavailable: none } : combine(readings as readonly T[]);
}

/** The sum of the numbers, 0 if there are none. */
export function sum(values: readonly number[]): number {
    return values.reduce((total, value) => total + value, 0);
}

/** Keeps the results small, however long a reason is. */
const reasonLength = 300;

/** Several reasons as one, cut after 300 characters and without the final full stop. */
export function reasonText(reasons: readonly string[]): string {
    const text = reasons.join("; ").replace(/\.$/, "") || "no reason given";
    return text.length > reasonLength ? `${text.slice(0, reasonLength)}...` : text;
}
