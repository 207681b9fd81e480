import { type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";
import { encodeHistogram } from "../report/histogram.ts";
import type { Measure, Measured, Payload, Prepare } from "./control-api.ts";
import { measure, monotonicClock, type Run } from "./measure.ts";
import type { OutgoingPayload } from "./payload.ts";
import type { Transport } from "./transport.ts";
import type { TrialHandlers } from "./trial-child.ts";

/** A round trip that takes longer has failed. */
export const roundDeadlineSeconds = 5;
/** Round trips that fit one cell: a minute at 60 us. A full array ends the cell early. */
const capacity = 2 ** 20;

/** What an initiator's measured process does, whatever its transport. */
export function initiator(transport: Transport, payload: OutgoingPayload): TrialHandlers {
    const samples = new Float64Array(capacity);
    let prepared = false;

    return {
        async prepare({ size }: Prepare): Promise<Payload> {
            payload.open(size);
            await transport.open(size);
            await measure(transport, { seconds: 0, roundTrips: 1, roundDeadlineSeconds }, samples, monotonicClock);
            prepared = true;
            return payload.describe();
        },
        async measure({ seconds, roundTrips }: Measure): Promise<Measured> {
            if (!prepared) throw new Error("no size is prepared in this trial: POST /prepare first");
            const { misses, staleAcks } = transport;
            const collections = observeCollections();
            const plan = { seconds, roundTrips, roundDeadlineSeconds };
            const run = await measure(transport, plan, samples, monotonicClock).finally(collections.stop);
            return {
                cell: {
                    ...summarize(run, samples),
                    misses: transport.misses - misses,
                    staleAcks: transport.staleAcks - staleAcks,
                    gc: await collections.during(run),
                },
                last: payload.describe(),
            };
        },
        close: () => transport.close(),
    };
}

/** The figures of a cell but those of its transport. */
export function summarize(run: Run, samples: Float64Array) {
    const { count } = run;
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = 0;
    for (let index = 0; index < count; index++) {
        const sample = samples[index] as number;
        sum += sample;
        if (sample < min) min = sample;
        if (sample > max) max = sample;
    }
    const third = Math.max(1, Math.floor(count / 3));
    return {
        roundTrips: count,
        elapsedSeconds: run.elapsedNs / 1e9,
        sumSeconds: sum / 1e9,
        minSeconds: count === 0 ? 0 : min / 1e9,
        maxSeconds: max / 1e9,
        histogram: encodeHistogram(samples, count),
        firstThirdP50Seconds: medianNs(samples.slice(0, Math.min(third, count))) / 1e9,
        lastThirdP50Seconds: medianNs(samples.slice(Math.max(0, count - third), count)) / 1e9,
    };
}

/** The upper median; sorts what it is given. 0 where there is nothing. */
function medianNs(samples: Float64Array): number {
    return samples.sort()[samples.length >> 1] ?? 0;
}

/** Collects the garbage collections that V8 reports while it is not stopped. */
function observeCollections() {
    const entries: PerformanceEntry[] = [];
    const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
    observer.observe({ entryTypes: ["gc"] });
    return {
        stop: () => {
            entries.push(...observer.takeRecords());
            observer.disconnect();
        },
        /** Those that began while the run was on; count and length. */
        during: async (run: Run) => {
            await turn();
            const [from, to] = [run.startNs / 1e6, (run.startNs + run.elapsedNs) / 1e6];
            const inside = entries.filter(({ startTime }) => startTime >= from && startTime <= to);
            return { count: inside.length, seconds: inside.reduce((sum, { duration }) => sum + duration, 0) / 1e3 };
        },
    };
}
