import type { Estimate } from "./estimate.ts";
import { rounded } from "./rounding.ts";
import { studentQuantile } from "./student.ts";

/** Median of one arm over median of another. */
export interface MedianRatio {
    ratio: number;
    /** 95% interval over trials, contains `ratio`; absent with fewer than 2 trials in an arm. */
    interval?: [number, number];
}

/** Contribution of one arm's median to the variance of a figure: squared gradient times its variance. */
export interface Contribution {
    variance: number;
    trials: number;
}

/**
 * The ratio of the medians of all round trips (p50 over p50 of the two cells), with a 95% bootstrap interval.
 *
 * The sampling unit is the trial ({@link estimateOf} draws whole trials, the hierarchical bootstrap). With few trials, a
 * percentile interval would be far too narrow (with 3 it can't reach beyond the trials themselves and covers 86 to 90%
 * instead of 95%, even expanded). So the interval is the t interval with bootstrap standard error on the logarithm of the
 * ratio, see {@link halfWidth}. The inverse ratio has the inverse interval.
 *
 * Its coverage, simulated with trials that differ more or less than their round trips, also skewed and bimodal
 * (test/statistics/coverage.ts): 95 to 99% with 3 and 5 trials, 94 to 98% with 10 and with 10 to 12 by the rule of
 * adaptive.ts. With 3 it is correct but wide: the half-width is about 3 times the standard deviation of the trials, with
 * 10 about once.
 * @see Hesterberg 2015, "What Teachers Should Know About the Bootstrap", The American Statistician 69(4)
 */
export function ratioOf(numerator: Estimate, denominator: Estimate): MedianRatio {
    const ratio = numerator.seconds / denominator.seconds;
    const half = halfWidth([contributionOf(numerator, 1), contributionOf(denominator, 1)]);
    if (half === undefined) return { ratio: rounded(ratio) };
    return { ratio: rounded(ratio), interval: [rounded(ratio * Math.exp(-half)), rounded(ratio * Math.exp(half))] };
}

/**
 * The 95% interval of a single quantile: the t interval with bootstrap standard error on its logarithm, as for a ratio.
 * @returns seconds; undefined if the quantile has no variance
 */
export function intervalOf(quantile: Estimate): [number, number] | undefined {
    const half = halfWidth([contributionOf(quantile, 1)]);
    const { seconds } = quantile;
    return half === undefined ? undefined : [rounded(seconds * Math.exp(-half)), rounded(seconds * Math.exp(half))];
}

/**
 * Contribution of the median's uncertainty to a figure.
 * @param gradient change of the figure per change of the logarithm of the median
 * @returns undefined if the median has no variance
 */
export function contributionOf({ logVariance, trials }: Estimate, gradient: number): Contribution | undefined {
    return logVariance === undefined ? undefined : { variance: gradient ** 2 * logVariance, trials };
}

/**
 * Half-width of a figure's interval: the uncertainties of independent medians are combined by the law of propagation,
 * with degrees of freedom by Welch and Satterthwaite.
 * @param confidence of the interval, as in {@link studentQuantile}; by default 95%
 * @returns in the figure's unit; undefined if one contribution is unknown
 * @see JCGM 100:2008, "Guide to the expression of uncertainty in measurement", 5.1.2 and G.4.1
 * @see Welch 1947, "The generalization of 'Student's' problem when several different population variances are involved"
 */
export function halfWidth(
    contributions: readonly (Contribution | undefined)[],
    confidence?: number,
): number | undefined {
    const known = contributions.filter((contribution) => contribution !== undefined);
    if (known.length < contributions.length) return undefined;
    const sum = known.reduce((total, { variance }) => total + variance, 0);
    if (sum === 0) return 0;
    const df = sum ** 2 / known.reduce((total, { variance, trials }) => total + variance ** 2 / (trials - 1), 0);
    return studentQuantile(df, confidence) * Math.sqrt(sum);
}

/** Half-width of a ratio's interval over the ratio: 0.05 is ±5%; the interval is symmetrical in the logarithm. */
export function relativeHalfWidth([low, high]: readonly [number, number]): number {
    return (high / low) ** 0.5 - 1;
}
