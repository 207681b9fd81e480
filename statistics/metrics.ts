import type { Reading } from "../model/reading.ts";
import { isUnavailable, reasonText, sum } from "../model/reading.ts";
import type { ContainerMetrics } from "../model/results.ts";
import type { ApiMetrics, Scraped, Trial } from "../model/trial.ts";
import { rounded } from "./rounding.ts";
import { isUsed } from "./trials.ts";
import { usageBetween } from "./usage.ts";

/** The readings of all sources for one container over one trial. */
export interface Sample {
    arm: string;
    role: string;
    /** Seconds between both readings of its counters; 0 if the trial doesn't have it. */
    seconds: number;
    scraped: Reading<Scraped>;
    api: Reading<ApiMetrics>;
    /** From its cgroup, over the same time. */
    cpuSeconds: Reading<number>;
}

/**
 * Prometheus' figures of each container of each arm, over the trials that have figures: sums over sums, so that a trial
 * is weighted by its length. A figure that no trial has gives the reason, and the number of trials with that reason.
 * @param trials as `finalTrials` returns them
 * @returns by arm, then initiator, responder; undefined for a run without metrics
 */
export function metricsOf(trials: readonly Trial[]): ContainerMetrics[] | undefined {
    const samples = samplesOf(trials);
    if (samples === undefined) return undefined;
    const byArm = [...Map.groupBy(samples, ({ arm }) => arm)].sort(([one], [other]) => (one < other ? -1 : 1));
    return byArm.flatMap(([arm, ofArm]) =>
        [...Map.groupBy(ofArm, ({ role }) => role)].map(([role, ofRole]) => containerMetrics(arm, role, ofRole)),
    );
}

/**
 * The readings of each container in each trial whose measurements count, in the order of the trials.
 * @returns undefined for a run without metrics
 */
export function samplesOf(trials: readonly Trial[]): Sample[] | undefined {
    const withMetrics = trials.some(({ containers }) => containers.some(({ metrics }) => metrics !== undefined));
    if (!withMetrics) return undefined;
    return trials.filter(isUsed).flatMap((trial) => trial.containers.map((container) => sampleOf(trial, container)));
}

/** Prometheus' CPU time over the cgroup's, minus 1, over the trials that have both. */
export function cpuDeviationOf(samples: readonly Sample[]): Reading<number> {
    return deviation(samples, (sample) => scrapedOf(sample, "cpuSeconds"));
}

function sampleOf({ arm, window }: Trial, { info, before, after, metrics }: Trial["containers"][number]): Sample {
    const seconds = window === undefined ? 0 : window.endSeconds - window.startSeconds;
    const common = { arm, role: info.role, cpuSeconds: usageBetween(before, after).cpuSeconds };
    if (metrics !== undefined && seconds > 0) {
        return { ...common, seconds, scraped: metrics.prometheus, api: metrics.api };
    }
    const reason = metrics === undefined ? "the trial has no metrics" : "the trial does not report its length";
    const unavailable = { unavailable: reason };
    return { ...common, seconds: 0, scraped: unavailable, api: unavailable };
}

function containerMetrics(arm: string, role: string, samples: readonly Sample[]): ContainerMetrics {
    const counted = samples.filter(({ scraped }) => !isUnavailable(scraped));
    const all = (name: keyof Scraped) => samples.map((sample) => scrapedOf(sample, name));
    const perSecond = (name: keyof Scraped) =>
        quotient(
            samples,
            (sample) => scrapedOf(sample, name),
            ({ seconds }) => seconds,
        );
    return {
        arm,
        role,
        trials: counted.length,
        seconds: rounded(sum(counted.map(({ seconds }) => seconds))),
        cpuCores: perSecond("cpuSeconds"),
        throttledSeconds: overKnown(all("throttledSeconds"), (values) => rounded(sum(values))),
        memoryPeakBytes: overKnown(all("memoryPeakBytes"), (values) => Math.max(...values)),
        blockReadBytesPerSecond: perSecond("blockReadBytes"),
        blockWriteBytesPerSecond: perSecond("blockWriteBytes"),
        networkReceiveBytesPerSecond: perSecond("networkReceiveBytes"),
        networkSendBytesPerSecond: perSecond("networkSendBytes"),
        cpuDeviation: cpuDeviationOf(samples),
        cadvisorDeviation: deviation(samples, (sample) => scrapedOf(sample, "cadvisorCpuSeconds")),
        // Its window is taken to represent the whole trial.
        apiDeviation: deviation(samples, ({ api, seconds }) => (isUnavailable(api) ? api : api.cpuCores * seconds)),
    };
}

function scrapedOf({ scraped }: Sample, name: keyof Scraped): Reading<number> {
    return isUnavailable(scraped) ? scraped : scraped[name];
}

function deviation(samples: readonly Sample[], witness: (sample: Sample) => Reading<number>): Reading<number> {
    const ratio = quotient(samples, witness, ({ cpuSeconds }) => cpuSeconds);
    return isUnavailable(ratio) ? ratio : rounded(ratio - 1);
}

/** The sum of one figure over the sum of another, over the trials that have both. */
function quotient(
    samples: readonly Sample[],
    over: (sample: Sample) => Reading<number>,
    under: (sample: Sample) => Reading<number>,
): Reading<number> {
    const pairs = samples.map((sample): Reading<{ above: number; below: number }> => {
        const [above, below] = [over(sample), under(sample)];
        if (isUnavailable(above)) return above;
        return isUnavailable(below) ? below : { above, below };
    });
    return overKnown(pairs, (known) => {
        const below = sum(known.map((pair) => pair.below));
        if (below === 0) return { unavailable: "the cgroup counted no CPU time" };
        return rounded(sum(known.map((pair) => pair.above)) / below);
    });
}

/** One figure from the trials that have it; if none has, the first reason, and the number of trials with that reason. */
function overKnown<T>(
    readings: readonly Reading<T>[],
    combine: (known: readonly T[]) => Reading<number>,
): Reading<number> {
    const known = readings.filter((reading): reading is T => !isUnavailable(reading));
    if (known.length > 0) return combine(known);
    const reasons = readings.filter(isUnavailable).map(({ unavailable }) => unavailable);
    const [first = "no trial was measured"] = reasons;
    const same = reasons.filter((reason) => reason === first).length;
    return {
        unavailable: `${reasonText([first])} (in ${same} of ${reasons.length} trial${reasons.length === 1 ? "" : "s"})`,
    };
}
