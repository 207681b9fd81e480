import { encodeHistogram } from "../statistics/histogram.ts";
import type { Run } from "./measure.ts";

/** A run and only its round trips, nanoseconds, in order. */
export interface LaneRun {
    run: Run;
    samples: Float64Array;
}

/** The figures of a cell, without those of its transport, from one run or several parallel ones. */
export function summarize(lanes: readonly LaneRun[]) {
    const samples = concatenated(lanes.map(({ samples }) => samples));
    const { length } = samples;
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = 0;
    for (const sample of samples) {
        sum += sample;
        if (sample < min) min = sample;
        if (sample > max) max = sample;
    }
    const { fromNs, toNs } = spanOf(lanes);
    return {
        roundTrips: length,
        elapsedSeconds: (toNs - fromNs) / 1e9,
        sumSeconds: sum / 1e9,
        minSeconds: length === 0 ? 0 : min / 1e9,
        maxSeconds: max / 1e9,
        histogram: encodeHistogram(samples),
        firstThirdP50Seconds: medianOfThirdNs(lanes, "first") / 1e9,
        lastThirdP50Seconds: medianOfThirdNs(lanes, "last") / 1e9,
    };
}

/** From the first start to the last end, by the runs' clock. */
export function spanOf(lanes: readonly LaneRun[]): { fromNs: number; toNs: number } {
    return {
        fromNs: Math.min(...lanes.map(({ run }) => run.startNs)),
        toNs: Math.max(...lanes.map(({ run }) => run.startNs + run.elapsedNs)),
    };
}

/** Lanes run in parallel: a third of the time is that third of each lane. */
function medianOfThirdNs(lanes: readonly LaneRun[], which: "first" | "last"): number {
    const thirds = lanes.map(({ samples }) => {
        const { length } = samples;
        const third = Math.min(length, Math.max(1, Math.floor(length / 3)));
        return which === "first" ? samples.subarray(0, third) : samples.subarray(length - third);
    });
    return medianNs(concatenated(thirds));
}

/** The upper median; sorts the array in place. 0 if it is empty. */
function medianNs(samples: Float64Array): number {
    return samples.sort()[samples.length >> 1] ?? 0;
}

/** A new array. */
function concatenated(parts: readonly Float64Array[]): Float64Array {
    const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}
