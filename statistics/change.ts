import type { Change, ChangeOutcome, OverallChange } from "../model/comparison.ts";
import { type LogFigure, logChange, meanOverRuns } from "./log-figure.ts";
import { halfWidth } from "./ratio.ts";
import { rounded } from "./rounding.ts";
import { band } from "./verdict.ts";

/** The outcomes for a figure that decreased, and for one that increased. */
export type Direction = readonly ["faster", "slower"] | readonly ["lower", "higher"];

/** A figure at one size, or over all sizes, in every run of both sides, or why a run has no comparable one. */
export interface SizeFigures {
    size: number;
    a: readonly (LogFigure | string)[];
    b: readonly (LogFigure | string)[];
}

/**
 * How a figure changed from A to B at each size.
 *
 * The intervals of n sizes hold jointly with 95%: each has the confidence 1 - 0.05 / n (Bonferroni), which needs no
 * assumption on how the sizes depend on each other. So at most 5% of comparisons of identical systems show a significant
 * change at any size.
 * @param figures ascending by size
 * @see Dunn 1961, "Multiple Comparisons Among Means", Journal of the American Statistical Association 56(293)
 */
export function changesOf(figures: readonly SizeFigures[], direction: Direction): Change[] {
    const sizes = figures.map(({ size, a, b }) => ({ size, a: sideOf(a, "A"), b: sideOf(b, "B") }));
    const known = sizes.filter(({ a, b }) => typeof a !== "string" && typeof b !== "string");
    const confidence = 1 - 0.05 / known.length;
    return sizes.map(({ size, a, b }) => ({ size, ...changeOf(a, b, confidence, direction) }));
}

/** How the figure of an arm over all its sizes changed, with its own 95% interval; computed as for one size. */
export function overallChange({ a, b }: Omit<SizeFigures, "size">, direction: Direction): OverallChange {
    return changeOf(sideOf(a, "A"), sideOf(b, "B"), 0.95, direction);
}

function changeOf(
    a: LogFigure | string,
    b: LogFigure | string,
    confidence: number,
    direction: Direction,
): OverallChange {
    const values = {
        ...(typeof a === "string" ? {} : { a: rounded(Math.exp(a.log)) }),
        ...(typeof b === "string" ? {} : { b: rounded(Math.exp(b.log)) }),
    };
    if (typeof a === "string" || typeof b === "string") {
        const reason = [a, b].filter((side) => typeof side === "string").join("; ");
        return { ...values, outcome: "inconclusive", reason };
    }
    const { log, contributions } = logChange(a, b);
    const half = halfWidth(contributions, confidence) as number; // every contribution is known
    const interval: [number, number] = [rounded(Math.exp(log - half)), rounded(Math.exp(log + half))];
    return { ...values, factor: rounded(Math.exp(log)), interval, outcome: outcomeOf(interval, direction) };
}

/** The outcome of a change. An interval inside the {@link band} is `no difference` even if it excludes 1. */
export function outcomeOf([low, high]: readonly [number, number], [down, up]: Direction): ChangeOutcome {
    if (low >= band[0] && high <= band[1]) return "no difference";
    if (low > 1) return up;
    if (high < 1) return down;
    return "no significant change";
}

/** Whether a change is significant in either direction. */
export function isSignificant(outcome: ChangeOutcome): boolean {
    return ["slower", "faster", "higher", "lower"].includes(outcome);
}

/** The figure of a side, or why there is none if a run lacks it. */
function sideOf(figures: readonly (LogFigure | string)[], side: "A" | "B"): LogFigure | string {
    const reasons = figures.filter((figure) => typeof figure === "string");
    const [reason] = reasons;
    return reason === undefined ? meanOverRuns(figures as readonly LogFigure[]) : `${side}: ${reason}`;
}
