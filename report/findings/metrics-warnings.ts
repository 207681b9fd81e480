import { isUnavailable, reasonText } from "../../model/reading.ts";
import type { Trial } from "../../model/trial.ts";
import { cpuDeviationOf, type Sample, samplesOf } from "../../statistics/metrics.ts";
import { line, percent, plural, signedPercent } from "../words/sentences.ts";

/** Two witnesses of the same CPU time that differ by more than this: one of them is wrong. */
const deviationBound = 0.1;
/** In a shorter trial, seconds, what is missing between a scrape and the trial's end weighs too much. */
const longEnough = 10;

/**
 * What the metrics of a run say about themselves, one sentence each; none for a run without metrics.
 * @param trials as `finalTrials` gives them
 */
export function metricsWarnings(trials: readonly Trial[]): string[] {
    const samples = samplesOf(trials) ?? [];
    return [...nothingScraped(samples), ...witnessesDiffer(samples)];
}

function nothingScraped(samples: readonly Sample[]): string[] {
    const reasons = samples.map(({ scraped }) => scraped).filter(isUnavailable);
    const [first] = reasons;
    if (first === undefined || reasons.length < samples.length) return [];
    return [
        `Prometheus has no figures of this run: ${reasonText([first.unavailable])}. What the containers used is known from their cgroups alone.`,
    ];
}

function witnessesDiffer(samples: readonly Sample[]): string[] {
    const long = samples.filter(({ seconds }) => seconds >= longEnough);
    const off = [...Map.groupBy(long, ({ arm, role }) => `${arm} ${role}`)].flatMap(([container, ofContainer]) => {
        const deviation = cpuDeviationOf(ofContainer);
        if (isUnavailable(deviation) || Math.abs(deviation) <= deviationBound) return [];
        return [`${container} (${signedPercent(deviation)} over ${plural(ofContainer.length, "trial")})`];
    });
    return line(
        off.sort(),
        (list) =>
            `Prometheus and the cgroup differ by more than ${percent(deviationBound)} in the CPU time of ${list}: believe the cgroup, and look whether the scrapes came in time.`,
    );
}
