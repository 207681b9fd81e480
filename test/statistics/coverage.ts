import { isWide } from "../../statistics/adaptive.ts";
import { type Estimate, estimateOf } from "../../statistics/estimate.ts";
import type { Histogram } from "../../statistics/histogram.ts";
import { seededRandom } from "../../statistics/random.ts";
import { intervalOf, type MedianRatio, ratioOf } from "../../statistics/ratio.ts";
import { normal } from "../model/fixtures.ts";

/** The ratio of the medians of two arms' trials. */
export function medianRatio(
    denominator: readonly Histogram[],
    numerator: readonly Histogram[],
    seed: number,
): MedianRatio | undefined {
    const [below, above] = [estimateOf(denominator, seed), estimateOf(numerator, seed)];
    return below === undefined || above === undefined ? undefined : ratioOf(above, below);
}

/** Two arms of the same distribution whose trials differ: the true ratio is 1. */
export interface Scenario {
    name: string;
    /** Logarithm of a trial's median. */
    trial(normalNumber: () => number, uniform: () => number): number;
    /** Standard deviation of the logarithm of a round trip within its trial. */
    within: number;
    /** About as wide as the interval of 10 trials is, so that the rule stops some experiments there and not others. */
    targetHalfWidth: number;
}

const spread = 0.05;
/** What trials look like: most scatter within them, most between them, both alike, a long tail, two modes. */
export const scenarios: readonly [Scenario, ...Scenario[]] = [
    {
        name: "round trips differ more than trials",
        trial: (next) => spread * next(),
        within: 0.2,
        targetHalfWidth: 0.055,
    },
    {
        name: "trials and round trips differ alike",
        trial: (next) => spread * next(),
        within: 0.05,
        targetHalfWidth: 0.05,
    },
    {
        name: "trials differ more than round trips",
        trial: (next) => spread * next(),
        within: 0.005,
        targetHalfWidth: 0.06,
    },
    {
        name: "trials with a long tail",
        trial: (_, uniform) => -spread * Math.log(1 - uniform()),
        within: 0.05,
        targetHalfWidth: 0.045,
    },
    {
        name: "trials with two modes",
        trial: (next, uniform) => (uniform() < 0.5 ? 0 : spread) + 0.01 * next(),
        within: 0.05,
        targetHalfWidth: 0.027,
    },
];

/** Outcome of simulated A/A comparisons. */
export interface Coverage {
    /** Share of comparisons whose 95% CI contains the true ratio. */
    share: number;
    /** Mean half-width of the interval, as a logarithm. */
    halfWidth: number;
    /** Mean number of trials. */
    trials: number;
}

/**
 * Simulates experiments of `trials` trials per arm; each continues by the rule of adaptive.ts up to `atMost`.
 * @returns after the planned trials, and when the rule has stopped
 */
export function coverageOf(
    scenario: Scenario,
    { trials, atMost = trials, runs, seed }: { trials: number; atMost?: number; runs: number; seed: number },
): { planned: Coverage; adaptive: Coverage } {
    const uniform = seededRandom(seed);
    const next = normal(uniform);
    const trial = () => {
        const median = scenario.trial(next, uniform);
        return binned(Float64Array.from({ length: 60 }, () => 100_000 * Math.exp(median + scenario.within * next())));
    };
    const [planned, adaptive] = [0, 1].map((): Coverage => ({ share: 0, halfWidth: 0, trials: 0 }));
    const count = (coverage: Coverage, [low, high]: readonly [number, number], taken: number) => {
        if (low <= 1 && high >= 1) coverage.share += 1 / runs;
        coverage.halfWidth += Math.log(high / low) / 2 / runs;
        coverage.trials += taken / runs;
    };
    for (let run = 0; run < runs; run++) {
        const arms = [0, 1].map(() => Array.from({ length: trials }, trial)) as [Histogram[], Histogram[]];
        const interval = () => medianRatio(...arms, seed + run)?.interval ?? [Number.NaN, Number.NaN];
        let last = interval();
        count(planned as Coverage, last, trials);
        while (arms[0].length < atMost && isWide(last, scenario.targetHalfWidth)) {
            for (const arm of arms) arm.push(trial());
            last = interval();
        }
        count(adaptive as Coverage, last, arms[0].length);
    }
    return { planned: planned as Coverage, adaptive: adaptive as Coverage };
}

/**
 * Simulates experiments of one arm: how often the 95% CI of a quantile contains the true one, which is the average over
 * all experiments with that number of trials. (Not over all possible trials: a run of ten rarely has the slowest trial in a
 * hundred, so no such run can measure a p99 that depends on it.)
 */
export function quantileCoverageOf(
    scenario: Scenario,
    thousandths: number,
    { trials, roundTrips, runs, seed }: { trials: number; roundTrips: number; runs: number; seed: number },
): number {
    const uniform = seededRandom(seed);
    const next = normal(uniform);
    const trial = (count: number) => {
        const median = scenario.trial(next, uniform);
        return Float64Array.from({ length: count }, () => 100_000 * Math.exp(median + scenario.within * next()));
    };
    const experiments = Array.from({ length: runs }, (_, run) => {
        const histograms = Array.from({ length: trials }, () => binned(trial(roundTrips)));
        return estimateOf(histograms, seed + run, thousandths) as Estimate;
    });
    const truth = Math.exp(experiments.reduce((sum, { seconds }) => sum + Math.log(seconds), 0) / runs);
    const covered = experiments.filter((estimate) => {
        const [low, high] = intervalOf(estimate) ?? [Number.NaN, Number.NaN];
        return low <= truth && truth <= high;
    });
    return covered.length / runs;
}

/** A histogram with bins of 100 ns, without the cost of encoding and decoding one. */
export function binned(samplesNs: Float64Array): Histogram {
    const histogram: Histogram = { count: samplesNs.length, values: [], counts: [] };
    for (const sample of samplesNs.sort()) {
        const value = 100 * Math.round(sample / 100);
        const last = histogram.values.length - 1;
        if (histogram.values[last] === value) (histogram.counts[last] as number)++;
        else {
            histogram.values.push(value);
            histogram.counts.push(1);
        }
    }
    return histogram;
}
