/** Without what binary fractions add: 1 + 36 / 100 is 1.3599999999999999, and meant as 1.36. */
export function decimal(value: number): number {
    return Number(value.toPrecision(12));
}

/** The number with 6 significant digits: more than the histograms hold, and short as JSON. */
export function rounded(value: number): number {
    return Number(value.toPrecision(6));
}
