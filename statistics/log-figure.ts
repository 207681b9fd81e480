import { sum } from "../model/reading.ts";
import type { Estimate } from "./estimate.ts";
import { type Contribution, contributionOf } from "./ratio.ts";
import { studentQuantile } from "./student.ts";

/** The logarithm of a figure of one or more runs, and its uncertainty. */
export interface LogFigure {
    log: number;
    contributions: readonly Contribution[];
}

/**
 * A figure with the variance behind its 95% interval: the inverse of {@link intervalOf}, so that two runs can be compared
 * using only their results.
 * @returns without a variance if there is no interval
 */
export function estimateFrom(
    seconds: number,
    interval: readonly [number, number] | undefined,
    trials: number,
): Estimate {
    if (interval === undefined || trials < 2) return { seconds, trials };
    const [low, high] = interval;
    return { seconds, trials, logVariance: (Math.log(high / low) / 2 / studentQuantile(trials - 1)) ** 2 };
}

/** A figure that is one estimate, or one over another. @returns undefined if one has no variance */
export function logFigureOf(numerator: Estimate, denominator?: Estimate): LogFigure | undefined {
    const estimates = denominator === undefined ? [numerator] : [numerator, denominator];
    const contributions = estimates.flatMap((estimate) => contributionOf(estimate, 1) ?? []);
    if (contributions.length < estimates.length) return undefined;
    return { log: Math.log(numerator.seconds / (denominator?.seconds ?? 1)), contributions };
}

/**
 * The mean of a figure over runs; for one run its own figure.
 *
 * Runs differ by more than their own trials show (an hour later the machine behaves differently). The variance of the mean
 * of k runs is (mean of the runs' variances + tau^2) / k. tau^2, the variance between runs, is the scatter of the runs
 * beyond their own variances, or 0. Each run's part has its own degrees of freedom, tau^2 has k - 1.
 *
 * Simulated coverage of the 95% interval of a change, with differences between runs from 0 to twice those that their own
 * trials show (test/statistics/compare-coverage.ts): 93 to 98% with 3 and 5 runs per side, 90 to 98% with 2. One run per
 * side can't see the variance between runs: 95% if there is none, 85% if it is as large as the variance within.
 * @param figures one per run, at least one
 * @see DerSimonian & Kacker 2007, "Random-effects model for meta-analysis of clinical trials: an update", Contemporary
 * Clinical Trials 28: the method of moments of DerSimonian & Laird (1986) with equal weights
 */
export function meanOverRuns(figures: readonly LogFigure[]): LogFigure {
    const k = figures.length;
    const mean = sum(figures.map(({ log }) => log)) / k;
    const within = figures.flatMap(({ contributions }) =>
        contributions.map(({ variance, trials }) => ({ variance: variance / k ** 2, trials })),
    );
    if (k === 1) return { log: mean, contributions: within };
    const scatter = sum(figures.map(({ log }) => (log - mean) ** 2)) / (k - 1);
    const between = Math.max(0, scatter - k * sum(within.map(({ variance }) => variance)));
    return { log: mean, contributions: [...within, { variance: between / k, trials: k }] };
}

/** The difference of two figures: the logarithm of a change. */
export function logChange(from: LogFigure, to: LogFigure): LogFigure {
    return { log: to.log - from.log, contributions: [...to.contributions, ...from.contributions] };
}
