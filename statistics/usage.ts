import type { Reading } from "../model/reading.ts";
import { combined, isUnavailable, sum } from "../model/reading.ts";
import type { RoundTripUsage } from "../model/results.ts";
import type { Counters } from "../model/trial.ts";
import { rounded } from "./rounding.ts";

/** Gauges; all other figures are counters. */
const states: readonly (keyof Counters)[] = ["memoryBytes", "memoryPeakBytes"];
const backwards = { unavailable: "the counter went backwards, so its source was restarted in between" };
const unread = "no container's figures were read";

/**
 * Usage between two readings of one container: differences of counters, memory as in `after`. A figure that a reading
 * lacks, or that went backwards (a restart), has the reason and is never 0.
 */
export function usageBetween(before: Counters, after: Counters): Counters {
    // The names come from the readings: the measured process uses this module, and stays small without the schema.
    const names = Object.keys(after) as (keyof Counters)[];
    return Object.fromEntries(
        names.map((name) => [name, states.includes(name) ? after[name] : difference(before[name], after[name])]),
    ) as Counters;
}

/**
 * Average usage of one container per round trip: sums over sums, so that a trial is weighted by its round trips. A
 * figure that one trial lacks is unavailable.
 * @param usages of the trials, as {@link usageBetween} returns them, in a fixed order
 * @param roundTrips of all trials together, more than 0
 */
export function roundTripUsage(usages: readonly Counters[], roundTrips: number): RoundTripUsage {
    const all = (name: keyof Counters, combine: (values: readonly number[]) => number) =>
        combined(
            usages.map((usage) => usage[name]),
            (values) => rounded(combine(values)),
            unread,
        );
    const each = (name: keyof Counters) => all(name, (values) => sum(values) / roundTrips);
    return {
        cpuSeconds: each("cpuSeconds"),
        throttledSeconds: all("throttledSeconds", sum),
        memoryPeakBytes: wholeBytes(usages.map(({ memoryPeakBytes }) => memoryPeakBytes)),
        blockReadBytes: each("blockReadBytes"),
        blockWriteBytes: each("blockWriteBytes"),
        readBytes: each("readBytes"),
        writeBytes: each("writeBytes"),
        voluntarySwitches: each("voluntarySwitches"),
        involuntarySwitches: each("involuntarySwitches"),
        networkReceiveBytes: each("networkReceiveBytes"),
        networkSendBytes: each("networkSendBytes"),
        loopbackBytes: each("loopbackBytes"),
    };
}

/** CPU time per round trip of both containers together. */
export function cpuSecondsOf(ends: readonly RoundTripUsage[]): Reading<number> {
    return combined(
        ends.map(({ cpuSeconds }) => cpuSeconds),
        (values) => rounded(sum(values)),
        unread,
    );
}

function difference(before: Reading<number>, after: Reading<number>): Reading<number> {
    if (isUnavailable(before)) return before;
    if (isUnavailable(after)) return after;
    return after < before ? backwards : after - before;
}

function wholeBytes(peaks: readonly Reading<number>[]): Reading<number> {
    return combined(peaks, (values) => Math.max(...values), unread);
}
