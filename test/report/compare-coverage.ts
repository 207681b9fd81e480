import { changesOf } from "../../report/change.ts";
import { estimateOf } from "../../report/estimate.ts";
import { type LogFigure, logChange, logFigureOf, meanOverRuns } from "../../report/log-figure.ts";
import { seededRandom } from "../../report/random.ts";
import { halfWidth } from "../../report/ratio.ts";
import { binned } from "./coverage.ts";
import { normal } from "./fixtures.ts";

/**
 * The share of simulated comparisons whose 95% interval contains the true change, which is none.
 *
 * A run's figure scatters by its own variance, which it knows from its trials as well as 10 or 3 of them tell, and by what
 * lies between runs.
 * @param k runs a side
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

/** What comparisons of one arm at 16 sizes called significant. */
export interface FalseAlarms {
    /** Share of the comparisons with at least one size of which a change is called. */
    anySize: number;
    /** Share of the comparisons in which the change over all sizes is called one. */
    overall: number;
    /** Share of all sizes of which a change is called. */
    sizes: number;
}

/**
 * Simulates comparisons of two runs of an arm at 16 sizes, from histograms to what is called a change.
 * @param spread of the trials' medians, as standard deviation of the logarithm: of each size by itself, and of all sizes of
 * a trial together
 * @param change how much more each round trip of the second run takes: 0.2 for 20%
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
    const run = (factor: number) => {
        const common = Array.from({ length: trials }, () => shared * next());
        return Array.from({ length: 16 }, () => {
            const histograms = common.map((ofTrial) => {
                const median = factor * 100_000 * Math.exp(ofTrial + spread * next());
                return binned(Float64Array.from({ length: 40 }, () => median * Math.exp(0.1 * next())));
            });
            const estimate = estimateOf(histograms, seed);
            return (estimate && logFigureOf(estimate)) as LogFigure;
        });
    };
    const alarms: FalseAlarms = { anySize: 0, overall: 0, sizes: 0 };
    for (let repetition = 0; repetition < repetitions; repetition++) {
        const [a, b] = [run(1), run(1 + change)];
        const figures = a.map((figure, size) => ({ size, a: [figure], b: [b[size] as LogFigure] }));
        const { overall, sizes } = changesOf(figures, ["faster", "slower"]);
        const called = sizes.filter(({ outcome }) => outcome === "slower" || outcome === "faster").length;
        alarms.anySize += called > 0 ? 1 / repetitions : 0;
        alarms.sizes += called / 16 / repetitions;
        alarms.overall += overall?.outcome === "slower" || overall?.outcome === "faster" ? 1 / repetitions : 0;
    }
    return alarms;
}
