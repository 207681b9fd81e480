import { sum } from "../model/reading.ts";
import type { Geomean } from "../model/results.ts";
import { perMille, quantileSeconds } from "./histogram.ts";
import { intervalOf } from "./ratio.ts";
import { rounded } from "./rounding.ts";
import { type CellTrials, trialsOf } from "./trials.ts";

/**
 * The geomean of an arm: the geometric mean, over all its sizes and trials, of a trial's median at a size.
 *
 * It detects smaller changes of an arm than any single size: chance at one size of a trial averages out over all sizes,
 * and an effect of a trial on all its sizes counts once. So its interval is the t interval over trials.
 * @param sizes at which the arm should be measured
 * @returns undefined without a trial that has a median at all sizes; only such trials count
 */
export function geomeanOf(arm: string, sizes: readonly number[], cellTrials: CellTrials): Geomean | undefined {
    const medians = sizes.flatMap((size) =>
        trialsOf(cellTrials, { arm, mode: "closed-loop", size }).map(({ trial, histogram }) => {
            return { trial, seconds: quantileSeconds(histogram, perMille.p50) };
        }),
    );
    const logs = [...Map.groupBy(medians, ({ trial }) => trial).values()].flatMap((ofTrial) => {
        const known = ofTrial.flatMap(({ seconds }) => (seconds === undefined ? [] : Math.log(seconds)));
        return known.length < sizes.length ? [] : [sum(known) / known.length];
    });
    const n = logs.length;
    if (n === 0) return undefined;
    const mean = sum(logs) / n;
    const seconds = Math.exp(mean);
    const geomean = { arm, trials: n, seconds: rounded(seconds) };
    if (n < 2) return geomean;
    const logVariance = sum(logs.map((log) => (log - mean) ** 2)) / (n - 1) / n;
    return { ...geomean, intervalSeconds: intervalOf({ seconds, trials: n, logVariance }) as [number, number] };
}
