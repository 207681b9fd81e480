import { type DensityCell, type DensityFigure, DensityFigures, type DensityStep } from "../model/density.ts";
import { combined, type Reading } from "../model/reading.ts";
import type { Injection } from "../model/scenarios.ts";
import { durationOf, middleOf } from "./order.ts";
import { finite } from "./outage-verdict.ts";
import { rounded } from "./rounding.ts";
import { figureOf as durationFigureOf } from "./scenario-cell.ts";

/** A figure at a number of pairs; `Infinity`: larger than any. */
export interface Point {
    pairs: number;
    value: number;
}

/** A line over the number of pairs. */
export interface Line {
    slope: number;
    /** At 0 pairs. */
    intercept: number;
}

/**
 * The line through some points that outliers hardly move: the median of the slopes between any two of them, and the median of
 * what is left. `Infinity` if a point is: it grows by more than can be said.
 * @returns undefined of fewer than two different numbers of pairs
 * @see Theil 1950, "A Rank-Invariant Method of Linear and Polynomial Regression Analysis", Proc. KNAW 53
 * @see Sen 1968, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63(324)
 */
export function lineThrough(points: readonly Point[]): Line | undefined {
    const slopes = points.flatMap((one, index) =>
        points
            .slice(index + 1)
            .filter(({ pairs }) => pairs !== one.pairs)
            .map(({ pairs, value }) => (value - one.value) / (pairs - one.pairs)),
    );
    if (slopes.length === 0) return undefined;
    if (points.some(({ value }) => value === Number.POSITIVE_INFINITY))
        return { slope: Number.POSITIVE_INFINITY, intercept: 0 };
    const slope = medianOf(slopes);
    return { slope, intercept: medianOf(points.map(({ pairs, value }) => value - slope * pairs)) };
}

/**
 * The lines of several injections as one, with the 95% interval of their median, at some numbers of pairs.
 * @param injections the points of each
 * @returns empty if no injection has a line that can be drawn
 */
export function bandOf(
    injections: readonly (readonly Point[])[],
    at: readonly number[],
): { pairs: number; value: number; interval?: [number, number] }[] {
    const lines = injections
        .flatMap((points) => lineThrough(points) ?? [])
        .filter(({ slope }) => Number.isFinite(slope));
    if (lines.length === 0) return [];
    return at.map((pairs) => {
        const { median, interval } = durationOf(lines.map(({ slope, intercept }) => intercept + slope * pairs));
        return { pairs, value: median, ...(interval && { interval }) };
    });
}

/**
 * The number of pairs at which a figure is twice that of one pair, between two numbers in proportion, after the figures were
 * made to never fall: neighbours that do are replaced by their mean.
 * @param points one for each number of pairs
 * @returns `Infinity` if it is not reached; undefined if the figure of one pair is not known
 * @see Robertson, Wright & Dykstra 1988, "Order Restricted Statistical Inference", 1.2 (pool adjacent violators)
 */
export function doublingOf(points: readonly Point[]): number | undefined {
    const rising = isotonic(points.toSorted((one, other) => one.pairs - other.pairs));
    const [first] = rising;
    if (first?.pairs !== 1 || first.value === Number.POSITIVE_INFINITY) return undefined;
    const wanted = 2 * first.value;
    const at = rising.findIndex(({ value }) => value >= wanted);
    const [below, above] = [rising[at - 1], rising[at]];
    if (below === undefined || above === undefined) return Number.POSITIVE_INFINITY;
    if (above.value === Number.POSITIVE_INFINITY) return above.pairs;
    return below.pairs + ((wanted - below.value) / (above.value - below.value)) * (above.pairs - below.pairs);
}

/** @param points ascending by pairs */
function isotonic(points: readonly Point[]): Point[] {
    const blocks: { sum: number; points: Point[] }[] = [];
    const mean = (block: { sum: number; points: Point[] }) => block.sum / block.points.length;
    for (const point of points) {
        let last = { sum: point.value, points: [point] };
        for (let before = blocks.at(-1); before !== undefined && mean(before) > mean(last); before = blocks.at(-1)) {
            blocks.pop();
            last = { sum: before.sum + last.sum, points: [...before.points, ...last.points] };
        }
        blocks.push(last);
    }
    return blocks.flatMap((block) => block.points.map(({ pairs }) => ({ pairs, value: mean(block) })));
}

/** The figures of a step that grow with the number of pairs. */
const figures = Object.keys(DensityFigures.properties) as Figure[];
type Figure = keyof DensityFigures;

/**
 * The density of one topology. The injection is the unit: a slope or a doubling is that of each injection, of which the median
 * is taken with its exact interval by order statistics, so that the numbers of pairs of an injection need not be independent.
 * @param injections of one topology that count, at least one, with their `density`
 */
function densityCellOf(injections: readonly [Injection, ...Injection[]]): DensityCell {
    const [{ topology }] = injections;
    const records = injections.flatMap(({ index, density }) => (density === undefined ? [] : [{ index, ...density }]));
    const steps = records.flatMap((record) => record.steps);
    const sum = (figure: "messages" | "unacknowledged") => steps.reduce((total, step) => total + step[figure], 0);
    const perPair = (figure: "pods" | "addresses") => rounded(medianOf(steps.map((step) => step[figure] / step.pairs)));
    const byPairs = [...Map.groupBy(steps, ({ pairs }) => pairs)].sort(([one], [other]) => one - other);
    const hasSlopes = records.some((record) => record.steps.length > 1);
    const doublings = records.flatMap((record) => doublingOf(pointsOf(record.steps, "p99Seconds") as Point[]) ?? []);
    const unfit = Map.groupBy(
        records.flatMap((record) => record.unfit),
        ({ pairs }) => pairs,
    );
    return {
        ...{ topology, injections: records.length },
        ...{ podsPerPair: perPair("pods"), addressesPerPair: perPair("addresses") },
        ...{ messages: sum("messages"), unacknowledged: sum("unacknowledged") },
        steps: byPairs.map(([pairs, ofPairs]) => ({
            ...{ pairs, injections: ofPairs.length },
            ...ofFigures((figure) =>
                combined(
                    ofPairs.map((step) => readingOf(step, figure)),
                    figureOf,
                    noStep,
                ),
            ),
        })),
        ...(hasSlopes && { slopes: ofFigures((figure) => slopesOf(records, figure)) }),
        ...(doublings.length > 0 && { doubling: figureOf(doublings) }),
        unfit: [...unfit.values()]
            .map((all) => ({ pairs: 0, reason: "", ...all[0], injections: all.length }))
            .sort((one, other) => one.pairs - other.pairs),
        points: records.flatMap((record) =>
            record.steps.map((step) => ({
                ...{ injection: record.index, pairs: step.pairs },
                ...{
                    p50Seconds: finite(latencyOf(step, "p50Seconds")),
                    p99Seconds: finite(latencyOf(step, "p99Seconds")),
                },
            })),
        ),
    };
}

/** The density of each topology, by name. @param injections in the order of the journal; others than those of `density` are ignored */
export function densityCellsOf(injections: readonly Injection[]): DensityCell[] {
    const measured = injections.filter(({ density }) => (density?.steps.length ?? 0) > 0);
    const groups = [...Map.groupBy(measured, ({ topology }) => topology)].sort(([one], [other]) =>
        one < other ? -1 : 1,
    );
    return groups.map(([, ofTopology]) => densityCellOf(ofTopology as [Injection, ...Injection[]]));
}

const noStep = "no number of pairs was measured";

/** A figure of the results for each figure of a step. */
function ofFigures(figure: (name: Figure) => Reading<DensityFigure>): DensityFigures {
    return Object.fromEntries(figures.map((name) => [name, figure(name)])) as DensityFigures;
}

/** The slope of each injection that has one. */
function slopesOf(records: readonly { steps: DensityStep[] }[], figure: Figure): Reading<DensityFigure> {
    const several = records.filter(({ steps }) => new Set(steps.map(({ machines }) => machines)).size > 1);
    if (figure === "otherCores" && several.length > 0)
        return { unavailable: "the pairs of an injection were not always on as many machines" };
    const all = records.map(({ steps }) => pointsOf(steps, figure));
    return combined(
        all.map((points) => (Array.isArray(points) ? (lineThrough(points)?.slope ?? Number.NaN) : points)),
        (slopes) => figureOf(slopes.filter((slope) => !Number.isNaN(slope))),
        noStep,
    );
}

function pointsOf(steps: readonly DensityStep[], figure: Figure): Reading<Point[]> {
    return combined(
        steps.map((step) => {
            const value = readingOf(step, figure);
            return typeof value === "number" ? { pairs: step.pairs, value } : value;
        }),
        (points) => [...points],
        noStep,
    );
}

function readingOf(step: DensityStep, figure: Figure): Reading<number> {
    return figure === "p50Seconds" || figure === "p99Seconds" ? latencyOf(step, figure) : step[figure];
}

/** Of the pair in the middle. */
function latencyOf({ latencies }: DensityStep, figure: "p50Seconds" | "p99Seconds"): number {
    return medianOf(latencies.map((pair) => pair[figure] ?? Number.POSITIVE_INFINITY));
}

function medianOf(values: readonly number[]): number {
    return middleOf(values.toSorted((one, other) => one - other));
}

function figureOf(values: readonly number[]): DensityFigure {
    const { censored: _, ...figure } = durationFigureOf(values);
    return figure;
}
