import type { Histogram } from "../../report/histogram.ts";
import { seededRandom } from "../../report/random.ts";
import { medianRatio } from "../../report/ratio.ts";
import { normal } from "./fixtures.ts";

/** Two arms of the same distribution whose trials differ: the true ratio is 1. */
export interface Scenario {
    name: string;
    /** Logarithm of a trial's median. */
    trial(normalNumber: () => number, uniform: () => number): number;
    /** Standard deviation of the logarithm of a round trip within its trial. */
    within: number;
}

const spread = 0.05;
/** What trials look like: most scatter within them, most between them, both alike, a long tail, two modes. */
export const scenarios: Scenario[] = [
    { name: "round trips differ more than trials", trial: (next) => spread * next(), within: 0.2 },
    { name: "trials differ as much as round trips", trial: (next) => spread * next(), within: 0.05 },
    { name: "trials differ more than round trips", trial: (next) => spread * next(), within: 0.005 },
    { name: "trials with a long tail", trial: (_, uniform) => -spread * Math.log(1 - uniform()), within: 0.05 },
    {
        name: "trials with two modes",
        trial: (next, uniform) => (uniform() < 0.5 ? 0 : spread) + 0.01 * next(),
        within: 0.05,
    },
];

/** The share of `runs` simulated A/A comparisons whose 95% interval contains the true ratio, and its mean half-width. */
export function coverageOf(scenario: Scenario, trials: number, runs: number, seed: number) {
    const uniform = seededRandom(seed);
    const next = normal(uniform);
    const arm = () =>
        Array.from({ length: trials }, () => {
            const median = scenario.trial(next, uniform);
            return binned(Array.from({ length: 60 }, () => 100_000 * Math.exp(median + scenario.within * next())));
        });
    let hits = 0;
    let halfWidths = 0;
    for (let run = 0; run < runs; run++) {
        const [low, high] = medianRatio(arm(), arm(), seed + run)?.interval ?? [Number.NaN, Number.NaN];
        if (low <= 1 && high >= 1) hits++;
        halfWidths += Math.log(high / low) / 2 / runs;
    }
    return { coverage: hits / runs, halfWidth: halfWidths };
}

/** A histogram with bins of 50 ns, without the cost of encoding and decoding one. */
function binned(samplesNs: number[]): Histogram {
    const bins = Map.groupBy(samplesNs, (sample) => 50 * Math.round(sample / 50));
    const values = [...bins.keys()].sort((one, other) => one - other);
    return { count: samplesNs.length, values, counts: values.map((value) => bins.get(value)?.length ?? 0) };
}
