import { cadvisorCpuSeconds, metricNames } from "../../model/metric-names.ts";
import type { Reading } from "../../model/reading.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Scraped, Trial } from "../../model/trial.ts";
import { rounded } from "../../statistics/rounding.ts";

/** From the first to the last reading of the containers' counters; seconds since 1970. */
export type Window = NonNullable<Trial["window"]>;

/** A series from Prometheus' HTTP API: times in seconds since 1970, ascending, and values as text. */
export interface Series {
    metric: Record<string, string>;
    values: [number, string][];
}

/** All series that {@link scrapedOver} uses. */
export const scrapedNames: readonly string[] = [
    metricNames.cpuSeconds,
    metricNames.throttledSeconds,
    metricNames.memoryBytes,
    metricNames.blockReadBytes,
    metricNames.blockWriteBytes,
    metricNames.networkReceiveBytes,
    metricNames.networkSendBytes,
    cadvisorCpuSeconds,
];

/** Samples needed to represent a trial. */
interface Least {
    samples: number;
    /** Share of the trial between the first and the last. */
    share: number;
    /** The share in words. */
    named: string;
}
const ofScrapes: Least = { samples: 3, share: 1 / 2, named: "half" };
/** cAdvisor reads a container only every 10 to 20 s, and its samples have the time of the reading. */
const ofCadvisor: Least = { samples: 2, share: 1 / 3, named: "a third" };

interface Sample {
    seconds: number;
    value: number;
}

/**
 * Figures of a trial from the series of one container.
 *
 * Counters are taken from the first to the last scrape within the trial and scaled to its length, which is exact for a
 * steady consumer whenever the scrapes happen. In 20,000 simulated trials of 10 s with cells that took 0.3 to 1.3
 * cores, the error was 1.3% at the median, 3.6% at the 95th percentile and 8.2% at most. Neither a scrape before the
 * trial (8.4% at most: the measured processes start there) nor the rate of the outermost scrapes (10.2%) is better.
 * @param series those of {@link scrapedNames}, including samples outside the window
 */
export function scrapedOver(window: Window, series: readonly Series[]): Reading<Scraped> {
    const own = series.filter(({ metric }) => metric.__name__ !== cadvisorCpuSeconds);
    const times = own.flatMap(({ values }) => values.map(([seconds]) => seconds));
    const scrapes = [...new Set(times)]
        .filter((seconds) => isWithin(window, seconds))
        .sort((one, other) => one - other);
    const tooFew = shortfall(window, scrapes, ofScrapes);
    if (tooFew !== undefined) return tooFew;
    const samples = (name: string, least = ofScrapes) => samplesOf(name, window, series, least);
    const increase = (name: string, least?: Least) => increaseOver(window, name, samples(name, least));
    return {
        scrapes: scrapes.length,
        seconds: rounded(lengthOf(scrapes)),
        cpuSeconds: increase(metricNames.cpuSeconds),
        throttledSeconds: increase(metricNames.throttledSeconds),
        memoryPeakBytes: largest(samples(metricNames.memoryBytes)),
        blockReadBytes: increase(metricNames.blockReadBytes),
        blockWriteBytes: increase(metricNames.blockWriteBytes),
        networkReceiveBytes: increase(metricNames.networkReceiveBytes),
        networkSendBytes: increase(metricNames.networkSendBytes),
        cadvisorCpuSeconds: increase(cadvisorCpuSeconds, ofCadvisor),
    };
}

/** The samples of one series within the window; unavailable if they are too few to represent it. */
function samplesOf(name: string, window: Window, series: readonly Series[], least: Least): Reading<Sample[]> {
    const found = series.filter(({ metric }) => metric.__name__ === name);
    const [only] = found;
    if (only === undefined) return { unavailable: `Prometheus has no ${name} of the container in the trial` };
    // Two targets, or a container before and after a restart: neither their sum nor one of them is right.
    if (found.length > 1) return { unavailable: `${name}: ${found.length} series in the trial, expected one` };
    const samples = only.values
        .filter(([seconds]) => isWithin(window, seconds))
        .map(([seconds, text]) => ({ seconds, value: Number(text), text }));
    const broken = samples.find(({ value }) => !(value >= 0));
    if (broken !== undefined) return { unavailable: `${name}: "${broken.text}" is not a figure` };
    const tooFew = shortfall(
        window,
        samples.map(({ seconds }) => seconds),
        least,
    );
    return tooFew === undefined ? samples : { unavailable: `${name}: ${tooFew.unavailable}` };
}

function increaseOver(window: Window, name: string, samples: Reading<Sample[]>): Reading<number> {
    if (isUnavailable(samples)) return samples;
    if (samples.some(({ value }, index) => value < (samples[index - 1]?.value ?? 0))) {
        return { unavailable: `${name} decreased: its source was restarted during the trial` };
    }
    const [first, last] = [samples[0] as Sample, samples.at(-1) as Sample];
    const perSecond = (last.value - first.value) / (last.seconds - first.seconds);
    return rounded(perSecond * (window.endSeconds - window.startSeconds));
}

function largest(samples: Reading<Sample[]>): Reading<number> {
    return isUnavailable(samples) ? samples : Math.max(...samples.map(({ value }) => value));
}

/** Why samples at these times, ascending, can't represent the window; undefined if they can. */
function shortfall(window: Window, times: readonly number[], least: Least): { unavailable: string } | undefined {
    const length = window.endSeconds - window.startSeconds;
    const covered = lengthOf(times);
    if (times.length >= least.samples && covered >= length * least.share) return undefined;
    const found = `${times.length} scrapes over ${covered.toFixed(1)} s of a ${length.toFixed(1)} s trial`;
    return {
        unavailable: `${found}; at least ${least.samples} over ${least.named} of the trial are needed`,
    };
}

function lengthOf(times: readonly number[]): number {
    return (times.at(-1) ?? 0) - (times[0] ?? 0);
}

function isWithin({ startSeconds, endSeconds }: Window, seconds: number): boolean {
    return seconds >= startSeconds && seconds <= endSeconds;
}
