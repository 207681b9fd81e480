import { sum } from "../model/reading.ts";
import type { Estimate } from "./estimate.ts";
import { type Contribution, contributionOf } from "./ratio.ts";
import { studentQuantile } from "./student.ts";

/** The logarithm of a figure of one or more runs, and what is uncertain about it. */
export interface LogFigure {
    log: number;
    contributions: readonly Contribution[];
}

/**
 * A figure with the variance that its 95% interval was made from: {@link intervalOf} turned round, so that two runs can be
 * compared by their results alone.
 * @returns without a variance where there is no interval
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

/** A figure that is one estimate over another, or one alone. @returns undefined where one has no variance */
export function logFigureOf(numerator: Estimate, denominator?: Estimate): LogFigure | undefined {
    const estimates = denominator === undefined ? [numerator] : [numerator, denominator];
    const contributions = estimates.flatMap((estimate) => contributionOf(estimate, 1) ?? []);
    if (contributions.length < estimates.length) return undefined;
    return { log: Math.log(numerator.seconds / (denominator?.seconds ?? 1)), contributions };
}

/**
 * The mean of a figure over runs; of one run it is that run's.
 *
 * Runs differ by more than their own trials tell (the machine was another one an hour later). With the mean of k runs as
 * the estimate, its variance is (mean of the runs' variances + tau^2) / k, where tau^2, the variance between runs, is what
 * the runs scatter beyond their own variances, or 0. Each run's part has its degrees of freedom, tau^2 has k - 1 of them.
 *
 * Coverage of the 95% interval of a change, simulated with runs that differ not at all to twice as much as their own
 * trials tell (test/report/compare-coverage.ts): 93 to 98% with 3 and 5 runs a side, 90 to 98% with 2. One run a side knows
 * nothing of what lies between runs: 95% without it, 85% where it is as large as what is within.
 * @param figures one a run, at least one
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

/** One figure less another: the logarithm of a change. */
export function logChange(from: LogFigure, to: LogFigure): LogFigure {
    return { log: to.log - from.log, contributions: [...to.contributions, ...from.contributions] };
}
