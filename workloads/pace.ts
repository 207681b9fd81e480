import type { Clock } from "./clock.ts";

/** Waits longer than this have a timer for their coarse part, nanoseconds: Node's timers may come 2 ms late. */
const coarseNs = 3e6;
const timerLatenessMs = 2;

/**
 * When the round trips at a constant rate are due: the k-th, counted from 0, at first + k / rate, whether or not the one
 * before it is done. One that starts late counts from when it was due, so that no waiting is left out of its time (no
 * coordinated omission).
 *
 * It waits with a timer as long as that is exact enough, then in turns of the event loop (setImmediate, about 2 us
 * each): events are served as ever, and the responder, which has nothing to do then, keeps its own core. The turns take
 * the initiator's CPU time, which a constant-rate cell therefore says nothing about.
 */
export class Pace {
    /** Whether the next round trip is not due yet. */
    waiting = false;
    readonly #gapNs: number;
    readonly #now: Clock;
    #first = 0;
    /** Which round trip is next. */
    #next = 0;

    constructor(ratePerSecond: number, now: Clock) {
        this.#gapNs = 1e9 / ratePerSecond;
        this.#now = now;
    }

    /** The first round trip is due at that time. */
    begin(first: number): void {
        this.#first = first;
        this.#next = 0;
    }

    get #due(): number {
        return this.#first + this.#next * this.#gapNs;
    }

    /** @param resume called in a while, to ask again, where it is not due */
    isDue(resume: () => void): boolean {
        const leftNs = this.#due - this.#now();
        this.waiting = leftNs > 0;
        if (!this.waiting) return true;
        if (leftNs > coarseNs) setTimeout(resume, leftNs / 1e6 - timerLatenessMs);
        else setImmediate(resume);
        return false;
    }

    /** When the round trip that starts now was due. */
    take(): number {
        const due = this.#due;
        this.#next += 1;
        return due;
    }

    /**
     * The harness has tidied up: the time for which a due round trip had to wait for that is taken out of the schedule,
     * as it is outside of every other window.
     */
    skip(from: number, to: number): void {
        const lost = to - Math.max(from, this.#due);
        if (lost > 0) this.#first += lost;
    }
}
