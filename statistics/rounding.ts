/** Removes the error of binary fractions: 1 + 36 / 100 is 1.3599999999999999 and becomes 1.36. */
export function decimal(value: number): number {
    return Number(value.toPrecision(12));
}

/** Seconds to the millisecond. */
export function toMilliseconds(seconds: number): number {
    return Math.round(1000 * seconds) / 1000;
}

/** The number with 6 significant digits: more precise than the histograms, and short as JSON. */
export function rounded(value: number): number {
    return Number(value.toPrecision(6));
}
