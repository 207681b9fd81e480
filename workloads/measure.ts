import type { Transport } from "./transport.ts";

/** Monotonic time in nanoseconds. */
export type Clock = () => number;

/** A double in nanoseconds since the process started: exact to the nanosecond for months, and no BigInt per call. */
export const monotonicClock: Clock = () => performance.now() * 1e6;

/** How long to measure. */
export interface MeasurePlan {
    /** Goes on until so many seconds have passed and so many round trips are done. */
    seconds: number;
    roundTrips: number;
    /** A round trip that takes longer fails, and with it the measurement; seconds. */
    roundDeadlineSeconds: number;
}

/** What was measured; the round trips themselves are in the samples, in order of time, nanoseconds. */
export interface Run {
    count: number;
    /** From the start of the first to the end of the last round trip, with the untimed work between them. */
    elapsedNs: number;
    /** By the same clock: when the first one started. */
    startNs: number;
}

/**
 * One round trip at a time, the same loop for every transport. The timed window holds two clock reads and the round
 * trip; what a transport must tidy up comes between two windows.
 * @param samples filled from its start; a full one ends the measurement early. Made by the caller before
 * @throws the transport's error as soon as a round trip fails: a failed round trip is never a sample
 */
export function measure(transport: Transport, plan: MeasurePlan, samples: Float64Array, now: Clock): Promise<Run> {
    const { promise, resolve, reject } = Promise.withResolvers<Run>();
    const sliceNs = plan.seconds * 1e9;
    const wanted = Math.min(plan.roundTrips, samples.length);
    const firstStart = now();
    let count = 0;
    let start = 0;
    let end = firstStart;
    let looping = false;
    let returned = false;
    let over = false;

    const { staleAcks } = transport;
    const watch = watchdog(
        plan.roundDeadlineSeconds,
        () => count,
        () => {
            const stale = transport.staleAcks - staleAcks;
            const acks = stale === 0 ? "" : `, ${stale} acks of other rounds not accepted`;
            fail(
                new Error(
                    `no answer within ${plan.roundDeadlineSeconds} s (${count} good round trips before it${acks})`,
                ),
            );
        },
    );
    function fail(error: Error) {
        over = true;
        clearInterval(watch);
        reject(error);
    }
    function finish() {
        over = true;
        clearInterval(watch);
        resolve({ count, elapsedNs: end - firstStart, startNs: firstStart });
    }
    function done(error?: Error) {
        if (over) return; // too late: the watchdog has given up
        end = now();
        if (error !== undefined) return fail(error);
        samples[count++] = end - start;
        if (count === samples.length || (count >= wanted && end - firstStart >= sliceNs)) return finish();
        const tidying = transport.tidy?.();
        if (tidying !== undefined) tidying.then(loop, fail);
        else if (looping) returned = true;
        else loop();
    }
    // A transport may call done before roundTrip returns: the loop then goes round here instead of growing the stack.
    function loop() {
        looping = true;
        do {
            returned = false;
            start = now();
            transport.roundTrip(done);
        } while (returned);
        looping = false;
    }
    loop();
    return promise;
}

/** Looks four times per deadline whether the count moved; no timer is made per round trip. */
function watchdog(seconds: number, count: () => number, expired: () => void): NodeJS.Timeout {
    let last = -1;
    let still = 0;
    return setInterval(() => {
        still = count() === last ? still + 1 : 0;
        last = count();
        if (still >= 4) expired();
    }, seconds * 250);
}
