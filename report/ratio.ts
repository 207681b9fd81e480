import { type Histogram, mergeHistograms, perMille, quantileSeconds } from "./histogram.ts";
import { type Random, seededRandom } from "./random.ts";
import { studentQuantile } from "./student.ts";
import { rounded } from "./units.ts";

const resamples = 1000;

/** Median of the volume arm over median of the network arm. */
export interface MedianRatio {
    ratio: number;
    /** 95% interval over trials, contains `ratio`; absent with fewer than 2 trials in an arm. */
    interval?: [number, number];
}

/**
 * The ratio of the medians of all round trips, that is p50(volume) / p50(network) of the two cells, with a 95%
 * bootstrap interval.
 *
 * The sampling unit is the trial: whole trials are drawn with replacement (the round trips in them stay as they are,
 * Davison & Hinkley 1997, 3.8), and the median of all their round trips is taken, 1,000 times an arm. Percentiles of
 * so few trials would be far too narrow (with 3 they can't reach beyond the trials themselves and cover 86 to 90%
 * instead of 95%, even expanded). So the interval is the t interval with bootstrap standard error on the logarithm of the ratio: standard errors
 * widened by sqrt(n / (n - 1)) against the narrowness bias (Hesterberg 2015), degrees of freedom after Welch.
 *
 * Its coverage, simulated with trials that differ more and less than the round trips in them, also skewed and with two
 * modes (test/report/coverage.ts): 95 to 99% with 3 and 5 trials, 95 to 97% with 10. With 3 it is honest but wide: the
 * half-width is about 3 times the standard deviation of the trials, with 10 about once.
 *
 * @param network histograms of the network arm's trials at one size, in a fixed order
 * @param volume those of the volume arm
 * @param seed unsigned 32-bit integer; the same seed and histograms give the same interval
 * @returns undefined where an arm has no median (fewer than 20 round trips)
 * @see Hesterberg 2015, "What Teachers Should Know About the Bootstrap", The American Statistician 69(4)
 * @see Davison & Hinkley 1997, "Bootstrap Methods and their Application", section 3.8
 * @see Welch 1947, "The generalization of 'Student's' problem when several different population variances are involved"
 */
export function medianRatio(
    network: readonly Histogram[],
    volume: readonly Histogram[],
    seed: number,
): MedianRatio | undefined {
    const below = quantileSeconds(mergeHistograms(network), perMille.p50);
    const above = quantileSeconds(mergeHistograms(volume), perMille.p50);
    if (below === undefined || above === undefined) return undefined;
    const ratio = above / below;
    if (network.length < 2 || volume.length < 2) return { ratio: rounded(ratio) };
    const random = seededRandom(seed);
    const variances = [network, volume].map((arm) => ({
        n: arm.length,
        variance: logMedianVariance(arm, random),
    }));
    const sum = variances.reduce((total, { variance }) => total + variance, 0);
    const df = sum ** 2 / variances.reduce((total, { n, variance }) => total + variance ** 2 / (n - 1), 0);
    const half = sum === 0 ? 0 : studentQuantile(df) * Math.sqrt(sum);
    return { ratio: rounded(ratio), interval: [rounded(ratio * Math.exp(-half)), rounded(ratio * Math.exp(half))] };
}

/** Variance of the logarithm of the median of an arm, by drawing whole trials. */
function logMedianVariance(trials: readonly Histogram[], random: Random): number {
    const median = medianOfDrawn(trials);
    const n = trials.length;
    const drawn = new Array<number>(n).fill(0);
    const logs: number[] = [];
    for (let resample = 0; resample < resamples; resample++) {
        for (let index = 0; index < n; index++) drawn[index] = Math.floor(random() * n);
        logs.push(Math.log(median(drawn)));
    }
    const mean = logs.reduce((total, log) => total + log, 0) / resamples;
    const variance = logs.reduce((total, log) => total + (log - mean) ** 2, 0) / resamples;
    return (variance * n) / (n - 1);
}

/**
 * The nearest-rank median of the round trips of some trials together, found by bisection in the cumulated counts: the
 * histograms are not merged again for each of the thousand draws.
 */
function medianOfDrawn(trials: readonly Histogram[]): (drawn: readonly number[]) => number {
    const { values } = mergeHistograms(trials);
    const position = new Map(values.map((value, index) => [value, index]));
    const cumulated = trials.map((trial) => {
        const sums = new Float64Array(values.length);
        for (const [index, value] of trial.values.entries()) {
            sums[position.get(value) as number] = trial.counts[index] as number;
        }
        for (let index = 1; index < sums.length; index++)
            sums[index] = (sums[index] as number) + (sums[index - 1] as number);
        return sums;
    });
    const upTo = (drawn: readonly number[], bin: number) => {
        let sum = 0;
        for (const trial of drawn) sum += cumulated[trial]?.[bin] as number;
        return sum;
    };
    return (drawn) => {
        const rank = Math.ceil(upTo(drawn, values.length - 1) / 2);
        let low = 0;
        let high = values.length - 1;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (upTo(drawn, middle) >= rank) high = middle;
            else low = middle + 1;
        }
        return values[low] as number;
    };
}
