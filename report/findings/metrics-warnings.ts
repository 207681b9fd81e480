import { isUnavailable, reasonText } from "../../model/reading.ts";
import type { Trial } from "../../model/trial.ts";
import { cpuDeviationOf, type Sample, samplesOf } from "../../statistics/metrics.ts";
import { line, percent, plural, signedPercent } from "../words/sentences.ts";

/** If two sources of the same CPU time differ by more than this, one of them is wrong. */
const deviationBound = 0.1;
/** Seconds; in a shorter trial the time between the last scrape and the trial's end would matter too much. */
const longEnough = 10;

/**
 * Warnings about the quality of a run's metrics, one sentence each; none for a run without metrics.
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
        `Prometheus has no figures of this run: ${reasonText([first.unavailable])}. The containers' usage comes only from their cgroups.`,
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
            `Prometheus and the cgroup differ by more than ${percent(deviationBound)} in the CPU time of ${list}: trust the cgroup, and check that the scrapes came on time.`,
    );
}
