import type { Reading } from "./schema.ts";

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
