import { type Histogram, mergeHistograms, nearestRank, perMille, quantileSeconds } from "./histogram.ts";
import { type Random, seededRandom } from "./random.ts";
import { type CellTrials, trialsOf } from "./trials.ts";

const resamples = 1000;

/** A quantile of all round trips of an arm at a size, and its uncertainty. */
export interface Estimate {
    seconds: number;
    trials: number;
    /** Variance of its logarithm, by resampling whole trials; absent with fewer than 2 trials. */
    logVariance?: number;
}

/**
 * A quantile of an arm at a size in the closed loop, in thousandths as in {@link perMille}; undefined if it has none.
 * @param thousandths by default the median
 */
export type Estimates = (arm: string, size: number, thousandths?: number) => Estimate | undefined;

/**
 * The quantiles of all arms and sizes, each computed once, on first use.
 * @param seed unsigned 32-bit integer; the same seed and trials give the same quantiles and variances
 */
export function estimatesOf(cellTrials: CellTrials, seed: number): Estimates {
    const known = new Map<string, Estimate | undefined>();
    return (arm, size, thousandths = perMille.p50) => {
        const key = `${arm} ${size} ${thousandths}`;
        if (!known.has(key)) {
            const histograms = trialsOf(cellTrials, { arm, mode: "closed-loop", size }).map(
                ({ histogram }) => histogram,
            );
            known.set(key, estimateOf(histograms, (seed + size) >>> 0, thousandths));
        }
        return known.get(key);
    };
}

/**
 * A quantile of all round trips of some trials, with the variance of its logarithm by the bootstrap.
 *
 * The sampling unit is the trial: whole trials are drawn with replacement, 1,000 times, and keep their round trips. This
 * is the variant of a hierarchical bootstrap that resamples only the upper level, which Davison & Hinkley show to be
 * better (3.8): round trips within a process are correlated, and resampling them as well would count the scatter within
 * a trial twice. The variance is multiplied by n / (n - 1) against the narrowness bias (Hesterberg).
 * @param trials histograms in a fixed order
 * @param thousandths by default the median
 * @returns undefined with too few round trips in all (`quantileSeconds`: 20 for the median)
 * @see Davison & Hinkley 1997, "Bootstrap Methods and their Application", section 3.8
 * @see Hesterberg 2015, "What Teachers Should Know About the Bootstrap", The American Statistician 69(4)
 */
export function estimateOf(
    trials: readonly Histogram[],
    seed: number,
    thousandths: number = perMille.p50,
): Estimate | undefined {
    const merged = mergeHistograms(trials);
    const seconds = quantileSeconds(merged, thousandths);
    if (seconds === undefined) return undefined;
    const n = trials.length;
    if (n < 2) return { seconds, trials: n };
    const random = seededRandom(seed);
    const logs = drawnQuantiles(trials, merged.values, thousandths, random).map(Math.log);
    const drawn = (varianceOf(logs) * n) / (n - 1);
    const tail = thousandths > perMille.p50 ? tailVariance(trials, nearestRank(merged, thousandths), thousandths) : 0;
    return { seconds, trials: n, logVariance: Math.max(drawn, tail) };
}

/**
 * Variance of the logarithm of a quantile far from the middle, where the bootstrap fails: if trials differ, one or two of
 * them hold the slowest 1% of all round trips, the p99 is about the largest of `trials.length` figures, and resampling
 * hardly moves it (its intervals would cover 70 to 80% with 10 trials). So the p99 is also treated as a mean of the trials
 * that contribute to those round trips, each with the variance between the trials' own quantiles. Simulated coverage:
 * 92 to 99% (test/statistics/coverage.ts), with a long tail of trials 80%: the data don't show how slow the next slow one is.
 * @see Kish 1965, "Survey Sampling" (effective number: 1 over the sum of squared shares)
 */
function tailVariance(trials: readonly Histogram[], quantileNs: number, thousandths: number): number {
    const beyond = trials.map(({ values, counts }) =>
        counts.reduce((sum, count, bin) => ((values[bin] as number) >= quantileNs ? sum + count : sum), 0),
    );
    const all = beyond.reduce((sum, count) => sum + count, 0);
    const sharing = 1 / beyond.reduce((sum, count) => sum + (count / all) ** 2, 0);
    const n = trials.length;
    const logs = trials.map((trial) => Math.log(nearestRank(trial, thousandths)));
    return (varianceOf(logs) * n) / (n - 1) / sharing;
}

function varianceOf(values: ArrayLike<number> & Iterable<number>): number {
    let [sum, squares] = [0, 0];
    for (const value of values) sum += value;
    const mean = sum / values.length;
    for (const value of values) squares += (value - mean) ** 2;
    return squares / values.length;
}

/**
 * The nearest-rank quantile of all round trips of `trials.length` drawn trials, once per resample, in nanoseconds. Found
 * by bisection in cumulated counts, without merging the histograms for each draw.
 */
function drawnQuantiles(
    trials: readonly Histogram[],
    values: readonly number[],
    thousandths: number,
    random: Random,
): Float64Array {
    const n = trials.length;
    const cumulated = cumulatedCounts(trials, values);
    const drawn = new Int32Array(n);
    const upTo = (bin: number) => {
        let total = 0;
        for (let index = 0; index < n; index++) total += cumulated[bin * n + (drawn[index] as number)] as number;
        return total;
    };
    const quantiles = new Float64Array(resamples);
    for (let resample = 0; resample < resamples; resample++) {
        for (let index = 0; index < n; index++) drawn[index] = Math.floor(random() * n);
        const rank = Math.ceil((thousandths * upTo(values.length - 1)) / 1000);
        let low = 0;
        let high = values.length - 1;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (upTo(middle) >= rank) high = middle;
            else low = middle + 1;
        }
        quantiles[resample] = values[low] as number;
    }
    return quantiles;
}

/** At `bin * trials.length + trial`: samples of the trial up to this bin. The trials of a bin are adjacent. */
function cumulatedCounts(trials: readonly Histogram[], values: readonly number[]): Uint32Array {
    const n = trials.length;
    const cumulated = new Uint32Array(values.length * n);
    for (const [trial, histogram] of trials.entries()) {
        let total = 0;
        let next = 0;
        for (const [bin, value] of values.entries()) {
            if (histogram.values[next] === value) total += histogram.counts[next++] as number;
            cumulated[bin * n + trial] = total;
        }
    }
    return cumulated;
}
