import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** What could not be read says why; it is never 0. */
export const Unavailable = Type.Object({ unavailable: Type.String() }, { additionalProperties: false });
/** The schema of a {@link Reading}. */
export const reading = <T extends TSchema>(value: T) => Type.Union([value, Unavailable]);
/** A value, or the reason why the platform doesn't offer it. */
export type Reading<T> = T | Static<typeof Unavailable>;

/** Whether a reading is the reason why there is no value. */
export function isUnavailable(reading: Reading<unknown>): reading is { unavailable: string } {
    return typeof reading === "object" && reading !== null && "unavailable" in reading;
}

/**
 * One figure from several readings.
 * @param readings in a fixed order; the first one that is unavailable tells why the whole is
 * @param none why there is no figure where there is no reading
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

/** The sum of some numbers, 0 where there are none. */
export function sum(values: readonly number[]): number {
    return values.reduce((total, value) => total + value, 0);
}

/** Results have to stay small, whatever a reason holds. */
const reasonLength = 300;

/** Several reasons as one, cut after 300 characters and without the full stop at the end. */
export function reasonText(reasons: readonly string[]): string {
    const text = reasons.join("; ").replace(/\.$/, "") || "no reason given";
    return text.length > reasonLength ? `${text.slice(0, reasonLength)}...` : text;
}
