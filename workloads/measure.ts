import type { Clock } from "./clock.ts";
import type { Pace } from "./pace.ts";
import type { PhaseRecorder } from "./phases.ts";
import type { Transport } from "./transport.ts";
import { watchdog } from "./watchdog.ts";

/** How long to measure. */
export interface MeasurePlan {
    /** Continues until this many seconds have passed and this many round trips are done. */
    seconds: number;
    roundTrips: number;
    /** A round trip that takes longer fails, and so does the measurement; seconds. */
    roundDeadlineSeconds: number;
}

/** Extras beyond a plain closed loop. */
export interface Extras {
    /** Decides when round trips start, and from when they count. */
    pace?: Pace | undefined;
    /** Records each round trip after it. */
    phases?: PhaseRecorder | undefined;
}

/** Result of a measurement; the round trips are in the samples, in order, nanoseconds. */
export interface Run {
    count: number;
    /** From the start of the first to the end of the last round trip, including the untimed work between them. */
    elapsedNs: number;
    /** Start of the first one, by the same clock. */
    startNs: number;
}

/**
 * One round trip at a time, the same loop for every transport. The timed window holds two clock reads and the round
 * trip. A transport's tidying, and all work for pace and phases, comes between two windows.
 * @param samples filled from its start; a full array ends the measurement early. Allocated by the caller beforehand
 * @throws the transport's error as soon as a round trip fails: a failed round trip is never a sample
 */
export function measure(
    transport: Transport,
    plan: MeasurePlan,
    samples: Float64Array,
    now: Clock,
    { pace, phases }: Extras = {},
): Promise<Run> {
    const { promise, resolve, reject } = Promise.withResolvers<Run>();
    const sliceNs = plan.seconds * 1e9;
    const wanted = Math.min(plan.roundTrips, samples.length);
    const { staleAcks } = transport;
    let firstStart = 0;
    let count = 0;
    let start = 0;
    let end = 0;
    let looping = false;
    let returned = false;
    let over = false;

    // Nothing is late while it waits for the next round trip to be due: NaN never equals itself.
    const progress = () => (pace?.waiting ? Number.NaN : count);
    const stopWatching = watchdog(plan.roundDeadlineSeconds, progress, () => {
        const stale = transport.staleAcks - staleAcks;
        const acks = stale === 0 ? "" : `, ${stale} acks of other messages rejected`;
        const before = `${count} good round trips before it${acks}`;
        fail(new Error(`no answer within ${plan.roundDeadlineSeconds} s (${before})`));
    });
    function fail(error: Error) {
        over = true;
        stopWatching();
        reject(error);
    }
    function finish() {
        over = true;
        stopWatching();
        resolve({ count, elapsedNs: end - firstStart, startNs: firstStart });
    }
    function done(error?: Error) {
        if (over) return; // too late: the watchdog has expired
        end = now();
        if (error !== undefined) return fail(error);
        phases?.record(count, start, end);
        samples[count++] = end - start;
        if (count === samples.length || (count >= wanted && end - firstStart >= sliceNs)) return finish();
        const tidying = transport.tidy?.();
        if (tidying !== undefined) tidying.then(tidied, fail);
        else if (looping) returned = true;
        else loop();
    }
    function tidied() {
        pace?.skip(end, now());
        loop();
    }
    // A transport can call done before roundTrip returns: then this loops here instead of growing the stack.
    function loop() {
        looping = true;
        do {
            returned = false;
            if (pace !== undefined && !pace.isDue(loop)) break; // it calls loop once it is
            start = pace === undefined ? now() : pace.take();
            transport.roundTrip(done);
        } while (returned);
        looping = false;
    }
    function begin() {
        firstStart = now();
        pace?.begin(firstStart);
        loop();
    }
    // Files left by the cell's preparation might leave no room for the first round trip.
    const tidying = transport.tidy?.();
    if (tidying === undefined) begin();
    else tidying.then(begin, fail);
    return promise;
}
