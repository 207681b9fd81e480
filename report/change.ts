import type { Change, ChangeOutcome, Changes, OverallChange } from "./compared-schema.ts";
import { type LogFigure, logChange, meanOverRuns } from "./log-figure.ts";
import { halfWidth } from "./ratio.ts";
import { sum } from "./reading.ts";
import { rounded } from "./units.ts";
import { band } from "./verdict.ts";

/** What a figure is called when it went down, and when it went up. */
export type Direction = readonly ["faster", "slower"] | readonly ["lower", "higher"];

/** A figure at one size in every run of both sides, or why a run has none that can be compared. */
export interface SizeFigures {
    size: number;
    a: readonly (LogFigure | string)[];
    b: readonly (LogFigure | string)[];
}

/**
 * How a figure changed from A to B at each size, and over all of them.
 *
 * The intervals of n sizes hold together with 95%: each has the confidence 1 - 0.05 / n (Bonferroni), which needs no
 * assumption on how the sizes depend on each other. So two measurements of the same thing have a significant change at any
 * size in at most 5% of comparisons.
 * @param figures ascending by size
 * @see Dunn 1961, "Multiple Comparisons Among Means", Journal of the American Statistical Association 56(293)
 */
export function changesOf(figures: readonly SizeFigures[], direction: Direction): Changes {
    const sizes = figures.map(({ size, a, b }) => ({ size, a: sideOf(a, "A"), b: sideOf(b, "B") }));
    const known = sizes.flatMap(({ a, b }) => (typeof a === "string" || typeof b === "string" ? [] : logChange(a, b)));
    const confidence = 1 - 0.05 / known.length;
    const overall = overallOf(known, direction);
    return {
        ...(overall === undefined ? {} : { overall }),
        sizes: sizes.map((each) => changeOf(each, confidence, direction)),
    };
}

function changeOf(
    { size, a, b }: { size: number; a: LogFigure | string; b: LogFigure | string },
    confidence: number,
    direction: Direction,
): Change {
    const values = {
        ...(typeof a === "string" ? {} : { a: rounded(Math.exp(a.log)) }),
        ...(typeof b === "string" ? {} : { b: rounded(Math.exp(b.log)) }),
    };
    if (typeof a === "string" || typeof b === "string") {
        const reason = [a, b].filter((side) => typeof side === "string").join("; ");
        return { size, ...values, outcome: "inconclusive", reason };
    }
    const { log, contributions } = logChange(a, b);
    const half = halfWidth(contributions, confidence) as number; // every contribution is known
    return { size, ...values, ...factorOf(log, half, direction) };
}

/**
 * The geometric mean of the changes. The sizes of a trial share its processes, so that their errors go together to an
 * unknown part: the interval is that of errors which go together wholly (half of it is the mean of the halves at each size),
 * the widest there can be.
 */
function overallOf(changes: readonly LogFigure[], direction: Direction): OverallChange | undefined {
    if (changes.length === 0) return undefined;
    const mean = (values: readonly number[]) => sum(values) / changes.length;
    const half = mean(changes.map(({ contributions }) => halfWidth(contributions) as number));
    return { sizes: changes.length, ...factorOf(mean(changes.map(({ log }) => log)), half, direction) };
}

function factorOf(log: number, half: number, direction: Direction) {
    const interval: [number, number] = [rounded(Math.exp(log - half)), rounded(Math.exp(log + half))];
    return { factor: rounded(Math.exp(log)), interval, outcome: outcomeOf(interval, direction) };
}

/** What a change is called. An interval inside the {@link band} is `no difference` even where it excludes 1. */
export function outcomeOf([low, high]: readonly [number, number], [down, up]: Direction): ChangeOutcome {
    if (low >= band[0] && high <= band[1]) return "no difference";
    if (low > 1) return up;
    if (high < 1) return down;
    return "no significant change";
}

/** Whether a change is called one in either direction. */
export function isSignificant(outcome: ChangeOutcome): boolean {
    return ["slower", "faster", "higher", "lower"].includes(outcome);
}

/** The figure of a side; why there is none, where a run lacks it. */
function sideOf(figures: readonly (LogFigure | string)[], side: "A" | "B"): LogFigure | string {
    const reasons = figures.filter((figure) => typeof figure === "string");
    const [reason] = reasons;
    return reason === undefined ? meanOverRuns(figures as readonly LogFigure[]) : `${side}: ${reason}`;
}
