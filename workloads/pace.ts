import type { Clock } from "./clock.ts";

/** Longer waits use a timer for their coarse part, nanoseconds: Node's timers can be 2 ms late. */
const coarseNs = 3e6;
const timerLatenessMs = 2;

/**
 * Schedule of round trips at a constant rate: the k-th, counted from 0, is due at first + k / rate, whether or not the
 * one before it is done. A late one counts from when it was due, so that its time includes the wait (no coordinated
 * omission).
 *
 * It waits with a timer while that is exact enough, then with turns of the event loop (setImmediate, about 2 us each):
 * events are still handled, and the idle responder keeps its own core. The turns use CPU time of the initiator, so a
 * constant-rate cell's CPU time means nothing.
 */
export class Pace {
    /** Whether the next round trip isn't due yet. */
    waiting = false;
    readonly #gapNs: number;
    readonly #now: Clock;
    #first = 0;
    /** Index of the next round trip. */
    #next = 0;

    constructor(ratePerSecond: number, now: Clock) {
        this.#gapNs = 1e9 / ratePerSecond;
        this.#now = now;
    }

    /** Sets the time at which the first round trip is due. */
    begin(first: number): void {
        this.#first = first;
        this.#next = 0;
    }

    get #due(): number {
        return this.#first + this.#next * this.#gapNs;
    }

    /** @param resume called later, to check again, if it isn't due */
    isDue(resume: () => void): boolean {
        const leftNs = this.#due - this.#now();
        this.waiting = leftNs > 0;
        if (!this.waiting) return true;
        if (leftNs > coarseNs) setTimeout(resume, leftNs / 1e6 - timerLatenessMs);
        else setImmediate(resume);
        return false;
    }

    /** Returns when the round trip that starts now was due. */
    take(): number {
        const due = this.#due;
        this.#next += 1;
        return due;
    }

    /**
     * Removes tidying time from the schedule if a due round trip had to wait for it; tidying is outside of every other
     * timed window too.
     */
    skip(from: number, to: number): void {
        const lost = to - Math.max(from, this.#due);
        if (lost > 0) this.#first += lost;
    }
}
