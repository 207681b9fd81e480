import type { Grid } from "../tables/grid.ts";

/** Characters of one row's bar. */
const barLength = 20;
/** Maximum total width of the columns before the values, gaps included. */
const besides = 6 + 8 + barLength;
/** Characters that draw the values, in order. */
const inks = ["#", "=", "-", "+", "o", ":"] as const;

/**
 * The same grid with a bar at the end of each row, of the same length in every row, that shows each value's share. The
 * heads of the values show their characters, and are cut so that up to eight of them fit.
 * @param lineLength target for the longest line
 */
export function withBars(grid: Grid, bars: readonly (readonly number[])[], lineLength: number): Grid {
    const { head, rows, left } = grid;
    const values = bars[0]?.length ?? 0;
    const first = head.length - values;
    const width = Math.floor((lineLength - besides - 2 * (values + 2)) / values);
    const inked = head.slice(first).map((name, index) => `${inkOf(index)} ${name}`.slice(0, Math.max(7, width)));
    return {
        ...grid,
        head: [...head.slice(0, first), ...inked, ""],
        rows: rows.map((row, index) => (typeof row === "string" ? row : [...row, barOf(bars[index] ?? [])])),
        left: [...left, head.length],
    };
}

/** A bar of {@link barLength} characters, split in proportion to the values. */
function barOf(values: readonly number[]): string {
    return partLengths(values, barLength)
        .map((length, index) => inkOf(index).repeat(length))
        .join("");
}

function inkOf(index: number): string {
    return inks[index % inks.length] as string;
}

/**
 * Integers in proportion to the values that add up to the whole: each is rounded down, and the rest goes to those with
 * the largest remainders (Hamilton's method).
 * @param values 0 or more each
 * @returns zeros if all values are 0
 */
export function partLengths(values: readonly number[], whole: number): number[] {
    const sum = values.reduce((total, value) => total + value, 0);
    if (sum <= 0) return values.map(() => 0);
    const exact = values.map((value) => (value / sum) * whole);
    const lengths = exact.map(Math.floor);
    const left = whole - lengths.reduce((total, length) => total + length, 0);
    const byLoss = exact.map((value, index) => [value - Math.floor(value), index] as const).sort(([a], [b]) => b - a);
    for (const [, index] of byLoss.slice(0, left)) lengths[index] = (lengths[index] as number) + 1;
    return lengths;
}
