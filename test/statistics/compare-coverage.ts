import { mainArms } from "../../model/arms.ts";
import type { Geomean } from "../../model/results.ts";
import { allSizes } from "../../model/sizes.ts";
import { changesOf, isSignificant, overallChange } from "../../statistics/change.ts";
import { type Estimate, estimateOf } from "../../statistics/estimate.ts";
import { geomeanOf } from "../../statistics/geomean.ts";
import type { Histogram } from "../../statistics/histogram.ts";
import { estimateFrom, type LogFigure, logChange, logFigureOf, meanOverRuns } from "../../statistics/log-figure.ts";
import { seededRandom } from "../../statistics/random.ts";
import { halfWidth } from "../../statistics/ratio.ts";
import type { CellTrial } from "../../statistics/trials.ts";
import { normal, recordOf } from "../model/fixtures.ts";
import { binned } from "./coverage.ts";

/**
 * The share of simulated comparisons whose 95% CI contains the true change, 0.
 *
 * A run's figure scatters by its own variance, estimated from its 10 or 3 trials, and by the variance between runs.
 * @param k runs per side
 * @param between standard deviation between runs, in that of one run by itself
 */
export function changeCoverage({
    k,
    between,
    trials,
    repetitions,
    seed,
}: Record<"k" | "between" | "trials" | "repetitions" | "seed", number>) {
    const next = normal(seededRandom(seed));
    const run = (): LogFigure => {
        const deviations = Array.from({ length: trials }, next);
        const mean = deviations.reduce((sum, value) => sum + value, 0) / trials;
        const squares = deviations.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        // in units of the standard error that the mean of the trials has
        const log = mean * Math.sqrt(trials) + between * next();
        return { log, contributions: [{ variance: squares / (trials - 1), trials }] };
    };
    const side = () => meanOverRuns(Array.from({ length: k }, run));
    let covered = 0;
    for (let repetition = 0; repetition < repetitions; repetition++) {
        const { log, contributions } = logChange(side(), side());
        if (Math.abs(log) <= (halfWidth(contributions) as number)) covered++;
    }
    return covered / repetitions;
}

/** Significant changes in comparisons of one arm at 16 sizes. */
export interface FalseAlarms {
    /** Share of comparisons with a significant change at one size or more. */
    anySize: number;
    /** Share of comparisons with a significant change over all sizes. */
    overall: number;
    /** Share of sizes with a significant change. */
    sizes: number;
}

/**
 * Simulates comparisons of two runs of an arm at 16 sizes, from histograms to significant changes.
 * @param spread of the trials' medians, as standard deviation of the logarithm: of each size by itself, and of all sizes of
 * a trial together
 * @param change relative increase of each round trip of the second run: 0.2 for 20%
 */
export function significances({
    trials,
    spread,
    shared,
    change,
    repetitions,
    seed,
}: Record<"trials" | "spread" | "shared" | "change" | "repetitions" | "seed", number>): FalseAlarms {
    const next = normal(seededRandom(seed));
    const run = (factor: number): Simulated => {
        const common = Array.from({ length: trials }, () => shared * next());
        const histograms = allSizes.map(() =>
            common.map((ofTrial) => {
                const median = factor * 100_000 * Math.exp(ofTrial + spread * next());
                return binned(Float64Array.from({ length: 40 }, () => median * Math.exp(0.1 * next())));
            }),
        );
        const estimates = histograms.map((ofSize) => estimateOf(ofSize, seed) as Estimate);
        return {
            figures: estimates.map((estimate) => logFigureOf(estimate) as LogFigure),
            geomean: geomeanFigure(histograms),
        };
    };
    const alarms: FalseAlarms = { anySize: 0, overall: 0, sizes: 0 };
    for (let repetition = 0; repetition < repetitions; repetition++) {
        const [a, b] = [run(1), run(1 + change)];
        const figures = allSizes.map((size, index) => {
            return { size, a: [a.figures[index] as LogFigure], b: [b.figures[index] as LogFigure] };
        });
        const called = changesOf(figures, ["faster", "slower"]).filter(({ outcome }) => isSignificant(outcome)).length;
        const overall = overallChange({ a: [a.geomean], b: [b.geomean] }, ["faster", "slower"]);
        alarms.anySize += called > 0 ? 1 / repetitions : 0;
        alarms.sizes += called / allSizes.length / repetitions;
        alarms.overall += isSignificant(overall.outcome) ? 1 / repetitions : 0;
    }
    return alarms;
}

/** A run of one arm: of each size, and over all of them. */
interface Simulated {
    figures: LogFigure[];
    geomean: LogFigure;
}

/** @param histograms by size, then trial */
function geomeanFigure(histograms: readonly (readonly Histogram[])[]): LogFigure {
    const record = recordOf(64, new Float64Array(0));
    const trials = allSizes.map((size, index): [string, CellTrial[]] => [
        `${mainArms.network} closed-loop ${size}`,
        (histograms[index] ?? []).map((histogram, trial) => ({ arm: mainArms.network, trial, record, histogram })),
    ]);
    const geomean = geomeanOf(mainArms.network, allSizes, new Map(trials)) as Geomean;
    return logFigureOf(estimateFrom(geomean.seconds, geomean.intervalSeconds, geomean.trials)) as LogFigure;
}
