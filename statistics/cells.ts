import { sum } from "../model/reading.ts";
import type { Cell, ConstantRateCell, OtherModeCell, PhaseBreakdown, ThroughputCell } from "../model/results.ts";
import type { CellRecord } from "../model/trial.ts";
import type { Estimates } from "./estimate.ts";
import { mergeHistograms, perMille, quantileSeconds } from "./histogram.ts";
import { intervalOf } from "./ratio.ts";
import { rounded } from "./rounding.ts";
import type { CellTrial } from "./trials.ts";
import { cpuSecondsOf, roundTripUsage } from "./usage.ts";

/**
 * One arm at one size in the closed loop over all its trials; quantiles are over all round trips together.
 * @param trials of the same arm and size
 * @param estimates of the run, for the intervals of p50 and p99
 * @returns undefined without a trial
 */
export function cellOf(trials: readonly CellTrial[], estimates: Estimates): Cell | undefined {
    const [first] = trials;
    if (first === undefined) return undefined;
    const records = trials.map(({ record }) => record);
    const { roundTrips, quantiles } = pooled(trials);
    const mean = sum(records.map(({ sumSeconds }) => sumSeconds)) / roundTrips;
    const { size } = first.record;
    const interval = (thousandths: number) => {
        const quantile = estimates(first.arm, size, thousandths);
        return quantile && intervalOf(quantile);
    };
    return {
        arm: first.arm,
        size,
        trials: trials.length,
        roundTrips,
        minSeconds: rounded(Math.min(...records.map((record) => record.minSeconds))),
        meanSeconds: rounded(mean),
        maxSeconds: rounded(Math.max(...records.map((record) => record.maxSeconds))),
        ...quantiles,
        ...present("p50IntervalSeconds", interval(perMille.p50)),
        ...present("p99IntervalSeconds", interval(perMille.p99)),
        throughputBytesPerSecond: mean > 0 ? rounded(size / mean) : 0,
        misses: sum(records.map(({ misses }) => misses)),
        staleAcks: sum(records.map(({ staleAcks }) => staleAcks)),
        gc: {
            count: sum(records.map(({ gc }) => gc.count)),
            seconds: rounded(sum(records.map(({ gc }) => gc.seconds))),
        },
        ...costOf(records, roundTrips),
    };
}

/**
 * One arm at one size at a constant rate, over all its trials. The achieved rate is all round trips over the total time.
 * @returns undefined without a trial, or if no trial has the intended rate
 */
export function constantRateOf(trials: readonly CellTrial[]): ConstantRateCell | undefined {
    const [first] = trials;
    if (first?.record.ratePerSecond === undefined) return undefined;
    const { roundTrips, perSecond, quantiles } = pooled(trials);
    return {
        arm: first.arm,
        size: first.record.size,
        trials: trials.length,
        roundTrips,
        ratePerSecond: first.record.ratePerSecond,
        achievedPerSecond: perSecond,
        ...quantiles,
        maxSeconds: rounded(Math.max(...trials.map(({ record }) => record.maxSeconds))),
    };
}

/**
 * One arm at one size with several round trips in flight, over all its trials: all round trips over the total time.
 * @returns undefined without a trial
 */
export function throughputOf(trials: readonly CellTrial[]): ThroughputCell | undefined {
    const [first] = trials;
    if (first === undefined) return undefined;
    const { roundTrips, perSecond, quantiles } = pooled(trials);
    const { p50Seconds, p99Seconds } = quantiles;
    const { size, concurrency } = first.record;
    return {
        arm: first.arm,
        size,
        trials: trials.length,
        roundTrips,
        concurrency,
        roundTripsPerSecond: perSecond,
        bytesPerSecond: rounded(size * perSecond),
        ...(p50Seconds === undefined ? {} : { p50Seconds }),
        ...(p99Seconds === undefined ? {} : { p99Seconds }),
    };
}

/** One arm at one size in any mode: the figures that all modes have. @returns undefined without a trial */
export function otherModeOf(trials: readonly CellTrial[]): OtherModeCell | undefined {
    const [first] = trials;
    if (first === undefined) return undefined;
    const { roundTrips, quantiles } = pooled(trials);
    const { mode, size } = first.record;
    return { arm: first.arm, mode, size, trials: trials.length, roundTrips, ...quantiles };
}

/**
 * The parts of a round trip: the mean of each over the trials, in the order of the first trial. Every trial has the same
 * weight, regardless of its number of round trips, because its parts are already means.
 * @returns undefined without a trial that has phases
 */
export function phasesOf(trials: readonly CellTrial[]): PhaseBreakdown | undefined {
    const phased = trials.flatMap(({ record: { phases } }) => phases ?? []);
    const [first] = trials;
    if (first === undefined || phased.length === 0) return undefined;
    const counted = trials.filter(({ record: { phases } }) => phases !== undefined).length;
    const parts = [...Map.groupBy(phased, ({ name }) => name)].map(([name, all]) => ({
        name,
        seconds: rounded(sum(all.map(({ seconds }) => seconds)) / counted),
    }));
    const totalSeconds = rounded(sum(parts.map(({ seconds }) => seconds)));
    return { arm: first.arm, size: first.record.size, trials: counted, totalSeconds, parts };
}

/** All round trips of the trials together. */
function pooled(trials: readonly CellTrial[]) {
    const merged = mergeHistograms(trials.map(({ histogram }) => histogram));
    const elapsed = sum(trials.map(({ record }) => record.elapsedSeconds));
    const seconds = (thousandths: number) => {
        const quantile = quantileSeconds(merged, thousandths);
        return quantile && rounded(quantile);
    };
    return {
        roundTrips: merged.count,
        perSecond: elapsed > 0 ? rounded(merged.count / elapsed) : 0,
        quantiles: {
            ...present("p50Seconds", seconds(perMille.p50)),
            ...present("p90Seconds", seconds(perMille.p90)),
            ...present("p99Seconds", seconds(perMille.p99)),
            ...present("p999Seconds", seconds(perMille.p999)),
        },
    };
}

/** What a round trip used besides time; without `usage` if no trial reports it. */
function costOf(records: readonly CellRecord[], roundTrips: number): Pick<Cell, "cpuSecondsPerRoundTrip" | "usage"> {
    const usages = records.map(({ usage }) => usage).filter((usage) => usage !== undefined);
    if (usages.length < records.length) {
        return { cpuSecondsPerRoundTrip: { unavailable: "a trial does not report its usage" } };
    }
    const usage = {
        initiator: roundTripUsage(
            usages.map(({ initiator }) => initiator),
            roundTrips,
        ),
        responder: roundTripUsage(
            usages.map(({ responder }) => responder),
            roundTrips,
        ),
    };
    return { cpuSecondsPerRoundTrip: cpuSecondsOf(Object.values(usage)), usage };
}

function present<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
    return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}
