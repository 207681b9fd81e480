import type { PhaseBreakdown, Results } from "./schema.ts";
import { formatSize } from "./sizes.ts";
import { textGrid } from "./text-grid.ts";
import { formatSeconds } from "./units.ts";

/** Of the bar of one size. */
const barLength = 20;
/** No line is longer, with up to eight parts: their names are cut to that. */
const lineLength = 110;
/** Of the columns beside the parts: size, total, bar. */
const besides = 6 + 8 + barLength;
/** What each part is drawn with, in order. */
const inks = ["#", "=", "-", "+", "o", ":"] as const;

/**
 * Where the time of a round trip goes, per main arm one line a size: what each part takes, and a bar as long for every
 * size in which each part has its share.
 * @returns as {@link textGrid}, a table per arm; empty where no phases were measured
 */
export function phasesTable({ phases }: Pick<Results, "phases">): string {
    const byArm = Map.groupBy(phases, ({ arm }) => arm);
    return [...byArm].map(([arm, breakdowns]) => armTable(arm, breakdowns)).join("\n\n");
}

function armTable(arm: string, breakdowns: readonly PhaseBreakdown[]): string {
    const names = [...new Set(breakdowns.flatMap(({ parts }) => parts.map(({ name }) => name)))];
    const secondsOf = ({ parts }: PhaseBreakdown) =>
        names.map((name) => parts.find((part) => part.name === name)?.seconds);
    const width = Math.floor((lineLength - besides - 2 * (names.length + 2)) / names.length);
    const heads = names.map((name, index) => `${inkOf(index)} ${name}`.slice(0, Math.max(7, width)));
    const head = ["size", "total", ...heads, ""];
    const body = breakdowns.map((breakdown) => {
        const seconds = secondsOf(breakdown);
        return [
            formatSize(breakdown.size),
            formatSeconds(breakdown.totalSeconds),
            ...seconds.map(formatSeconds),
            barOf(seconds.map((value) => value ?? 0)),
        ];
    });
    return `${arm}\n${textGrid([head, ...body], { left: [0, head.length - 1] })}`;
}

/** A bar of {@link barLength} characters whose parts have the proportions of the values. */
function barOf(values: readonly number[]): string {
    return partLengths(values, barLength)
        .map((length, index) => inkOf(index).repeat(length))
        .join("");
}

function inkOf(index: number): string {
    return inks[index % inks.length] as string;
}

/**
 * Whole numbers in the proportions of the values that sum up to the whole: each is rounded down, and what is left goes to
 * those that lost most by it (largest remainder, Hamilton's method).
 * @param values 0 or more each
 * @returns zeros where all values are 0
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
