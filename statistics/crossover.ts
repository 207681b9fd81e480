import type { Ratio, Results } from "../model/results.ts";
import { runsOf } from "./verdict.ts";

type Known = Ratio & { interval: [number, number] };
type Point = readonly [size: number, value: number];

/**
 * Where the faster arm changes: the size at which the ratio crosses 1, with a 95% interval.
 *
 * Between measured sizes the logarithm of the ratio is interpolated linearly over the logarithm of the size. The estimate
 * lies between the last size with one winner and the first size with the other; if the ratio crosses 1 several times at
 * undecided sizes there, it is the middle crossing.
 *
 * The interval is found by inversion, as in Fieller's interval for a ratio and in calibration of a curve: it spans all
 * sizes at which the 95% interval of the ratio contains 1, so "both are equally fast" is not rejected. It needs no slope
 * (the delta method's interval would be far too narrow for a flat curve), and an end is absent (open) if the smallest or
 * the largest measured size belongs to the interval.
 * @param ratios ascending by size
 * @returns whole bytes; undefined if the winner stays the same or changes more than once: then no single size decides
 * which arm to choose (the summary lists the changes)
 * @see Fieller 1954, "Some Problems in Interval Estimation", Journal of the Royal Statistical Society B 16(2)
 * @see Casella & Berger 2002, "Statistical Inference", 9.2.1 (intervals by inverting a test)
 */
export function crossoverOf(ratios: readonly Ratio[]): Results["crossover"] {
    const [before, after, ...more] = runsOf(ratios);
    if (before === undefined || after === undefined || more.length > 0) return undefined;
    const [from, to] = [before.ratios.at(-1) as Ratio, after.ratios[0]];
    const known = ratios.filter((ratio) => ratio.interval !== undefined) as Known[];
    const between = known.filter(({ size }) => size >= from.size && size <= to.size);
    const crossings = crossingsOf(between.map(({ size, ratio }): Point => [size, ratio]));
    const size = crossings[(crossings.length - 1) >> 1] as number; // both ends are on different sides of 1
    return { size: Math.round(size), ...intervalOf(known) };
}

function intervalOf(known: readonly Known[]): { lowSize?: number; highSize?: number } {
    const ends = ([0, 1] as const).flatMap((end) =>
        crossingsOf(known.map(({ size, interval }): Point => [size, interval[end]])),
    );
    const undecided = (at: number) => {
        const [low, high] = (known.at(at) as Known).interval;
        return low <= 1 && high >= 1;
    };
    return {
        ...(undecided(0) ? {} : { lowSize: Math.round(Math.min(...ends)) }),
        ...(undecided(-1) ? {} : { highSize: Math.round(Math.max(...ends)) }),
    };
}

/** The sizes at which the line through the points crosses 1, ascending; a point on 1 counts as above it. */
function crossingsOf(points: readonly Point[]): number[] {
    return points.flatMap(([size, value], index) => {
        const next = points[index + 1];
        if (next === undefined || value >= 1 === next[1] >= 1) return [];
        const [here, there] = [Math.log(value), Math.log(next[1])];
        return [Math.exp(Math.log(size) + (here / (here - there)) * Math.log(next[0] / size))];
    });
}
