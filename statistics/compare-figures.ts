import { mainArms } from "../model/arms.ts";
import { sizesOf } from "../model/plan.ts";
import type { Cell, Results } from "../model/results.ts";
import type { SizeFigures } from "./change.ts";
import type { Estimate } from "./estimate.ts";
import { estimateFrom, type LogFigure, logFigureOf } from "./log-figure.ts";

/** A figure of one run, or why it has no comparable one: it is never guessed. */
type Figure = LogFigure | string;
/** Why a figure of at least two trials has no interval. */
export const withoutIntervals = "the stack output leaves the intervals out; use the run's folder";
type Sides = readonly [a: readonly Results[], b: readonly Results[]];

/** A quantile of an arm at some sizes, in every run of both sides. */
export function quantileFigures(
    sides: Sides,
    arm: string,
    quantile: "p50" | "p99",
    sizes: readonly number[],
): SizeFigures[] {
    return atSizes(sides, sizes, (run, size) => figureOf(cellEstimate(run, arm, quantile, size)));
}

/** The ratio of the medians of both main arms at some sizes, in every run of both sides. */
export function ratioFigures(sides: Sides, sizes: readonly number[]): SizeFigures[] {
    return atSizes(sides, sizes, (run, size) =>
        figureOf(cellEstimate(run, mainArms.volume, "p50", size), cellEstimate(run, mainArms.network, "p50", size)),
    );
}

/** The geomean of an arm, or of one over another, in every run of both sides. */
export function geomeanFigures([a, b]: Sides, arm: string, over?: string): Omit<SizeFigures, "size"> {
    const runs = [...a, ...b];
    const figure = (run: Results) =>
        figureOf(geomeanEstimate(run, arm, runs), over && geomeanEstimate(run, over, runs));
    return { a: a.map(figure), b: b.map(figure) };
}

/** The cell of an arm at a size; undefined if the run has none. */
export function cellAt({ cells }: Results, arm: string, size: number): Cell | undefined {
    return cells.find((cell) => cell.arm === arm && cell.size === size);
}

function atSizes(
    [a, b]: Sides,
    sizes: readonly number[],
    figure: (run: Results, size: number) => Figure,
): SizeFigures[] {
    return sizes.map((size) => ({ size, a: a.map((run) => figure(run, size)), b: b.map((run) => figure(run, size)) }));
}

function figureOf(of: Estimate | string, over?: Estimate | string): Figure {
    if (typeof of === "string") return of;
    if (typeof over === "string") return over;
    return logFigureOf(of, over) as LogFigure; // both have a variance
}

function cellEstimate(run: Results, arm: string, quantile: "p50" | "p99", size: number): Estimate | string {
    const cell = cellAt(run, arm, size);
    if (cell === undefined) return `${named(run, arm)} was not measured at this size`;
    const {
        trials,
        [`${quantile}Seconds` as const]: seconds,
        [`${quantile}IntervalSeconds` as const]: interval,
    } = cell;
    if (seconds === undefined) return `${named(run, arm)} has too few round trips for a ${quantile}`;
    return withVariance(estimateFrom(seconds, interval, trials), run, arm);
}

/** Geomeans are over all sizes of an arm, so they are comparable only if the sizes are the same. */
function geomeanEstimate(run: Results, arm: string, runs: readonly Results[]): Estimate | string {
    const sizes = new Set(runs.map(({ plan }) => sizesOf(plan, arm).join()));
    if (sizes.size > 1) return `${arm} was not measured at the same sizes in all runs`;
    const geomean = run.geomeans.find((candidate) => candidate.arm === arm);
    if (geomean === undefined) return `${named(run, arm)} has no trial with a median at all sizes`;
    return withVariance(estimateFrom(geomean.seconds, geomean.intervalSeconds, geomean.trials), run, arm);
}

function withVariance(estimate: Estimate, run: Results, arm: string): Estimate | string {
    if (estimate.logVariance !== undefined) return estimate;
    return estimate.trials < 2
        ? `${named(run, arm)} has only 1 trial; an interval needs 2`
        : `${named(run, arm)} has no interval: ${withoutIntervals}`;
}

function named({ runId }: Results, arm: string): string {
    return `${arm} of run ${runId}`;
}
