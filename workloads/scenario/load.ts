import type { Sent } from "../../statistics/outcome.ts";
import { dueOf, type Timetable } from "../../statistics/timetable.ts";
import type { Clock } from "../clock.ts";

/** How a message is delivered: in one attempt, or in as many as it takes. */
export type Delivery = "once" | "retry";

/** What is offered. */
export interface LoadSettings extends Timetable {
    /** Number of messages, one per slot. */
    slots: number;
    delivery: Delivery;
    /** An attempt is given up so long after the message was due if there is only one, else so long after it began. */
    attemptSeconds: number;
}

/** Carries messages. It ends each attempt by `acknowledged` or `failed` of the load. */
export interface Courier {
    /** Starts an attempt; may be called again for a message, but not while an attempt of it goes on. */
    send(sequence: number): void;
    /** The time of an attempt is over; called once for each. Ends it, unless it has just ended. */
    giveUp(sequence: number): void;
}

/** Waits, then calls back. */
export type Wait = (ms: number, then: () => void) => void;

/** Time between two attempts of a message, and after which it is given up, in seconds. */
const [retrySeconds, givenUpSeconds] = [0.1, 30];
/** Time between two looks for attempts that are over or due again, in ms. */
const sweepMs = 20;
/** Attempts that go on at once. More would be a storm after an outage, in which nothing is on time. */
const mostInFlight = 256;

const states = { waiting: 0, inFlight: 1, acknowledged: 2, failed: 3, unanswered: 4 } as const;

/**
 * Offers messages on a schedule that is fixed beforehand: slot i is due at start + i / rate, or as the steps of the rate have it,
 * whatever became of those before (no coordinated omission). All its memory is allocated before; an attempt allocates nothing here, and has no timer.
 */
export class Load<Kind extends Courier = Courier> {
    readonly #settings: LoadSettings;
    /** What carries the messages. */
    readonly courier: Kind;
    readonly #now: Clock;
    readonly #wait: Wait;
    readonly #states: Uint8Array;
    readonly #attempts: Uint16Array;
    /** Whether an attempt had no answer, so that the message could have arrived. */
    readonly #inDoubt: Uint8Array;
    /** When the last attempt began, ns; infinite once it has been given up. */
    readonly #sentNs: Float64Array;
    /** From when a message was due to its acknowledgement. */
    readonly #seconds: Float64Array;
    /** From when a message was due to its first attempt: how late this program was itself. */
    readonly #lateness: Float64Array;
    /** Messages in the order in which they ended. */
    readonly #ended: Uint32Array;
    #endedCount = 0;
    #startNs = 0;
    #from = 0;
    /** The slot after the last one. */
    #end: number;
    /** The first slot that is not yet due, and the first whose end is not known. */
    #next = 0;
    #oldest = 0;
    #inFlight = 0;
    #sweepAtNs = 0;
    #isDone = false;
    #done: () => void = () => {};

    /**
     * @param courierOf makes the courier, which reports to the load it is given
     * @param now in ns
     */
    constructor(settings: LoadSettings, courierOf: (load: Load) => Kind, now: Clock, wait: Wait) {
        const { slots } = settings;
        this.#settings = settings;
        this.#now = now;
        this.#wait = wait;
        this.#states = new Uint8Array(slots);
        this.#attempts = new Uint16Array(slots);
        this.#inDoubt = new Uint8Array(slots);
        this.#sentNs = new Float64Array(slots);
        this.#seconds = new Float64Array(slots);
        this.#lateness = new Float64Array(slots);
        this.#ended = new Uint32Array(slots);
        this.#end = slots;
        this.courier = courierOf(this);
    }

    /**
     * Offers all slots, once.
     * @param startNs when slot 0 is due
     * @param from the first slot; those before it are not offered
     * @returns when the end of every message is known
     */
    async run(startNs: number, from = 0): Promise<void> {
        this.#startNs = startNs;
        this.#from = this.#next = this.#oldest = Math.min(from, this.#end);
        await new Promise<void>((resolve) => {
            this.#done = resolve;
            this.#turn();
        });
    }

    /** Offers no further slot; messages under way still end. */
    stop(): void {
        this.#end = this.#next;
    }

    /** An attempt of a message was acknowledged, be it one that seemed to have failed. Others' messages are ignored. */
    acknowledged(sequence: number): void {
        if (this.#states[sequence] === states.inFlight) this.#inFlight -= 1;
        else if (!this.#isBetweenAttempts(sequence)) return;
        this.#seconds[sequence] = this.#ageAt(this.#now(), sequence);
        this.#close(sequence, states.acknowledged);
    }

    /** An attempt of a message failed. @param isDefinite whether it certainly didn't arrive, and not only had no answer */
    failed(sequence: number, isDefinite: boolean): void {
        if (this.#states[sequence] !== states.inFlight) return;
        this.#inFlight -= 1;
        if (!isDefinite) this.#inDoubt[sequence] = 1;
        const state = this.#inDoubt[sequence] === 0 ? states.failed : states.unanswered;
        if (this.#settings.delivery === "once") this.#close(sequence, state);
        else this.#states[sequence] = state;
    }

    /** What became of a message that has ended. */
    sent(sequence: number): Sent {
        const state = this.#states[sequence];
        if (state === states.acknowledged) return { kind: "acknowledged", seconds: this.#seconds[sequence] as number };
        if (state === states.failed) return { kind: "failed" };
        return state === states.unanswered ? { kind: "unanswered" } : { kind: "not-offered" };
    }

    /** Seconds from when each message was due to its first attempt. */
    get lateness(): Readonly<Float64Array> {
        return this.#lateness;
    }

    /** How often a message was sent. */
    attempts(sequence: number): number {
        return this.#attempts[sequence] as number;
    }

    /** The first slot offered here, and the first that is not offered yet. */
    get offered(): { from: number; next: number } {
        return { from: this.#from, next: this.#next };
    }

    /** Whether the end of every message is known. */
    get isDone(): boolean {
        return this.#isDone;
    }

    /** Messages that have ended, in that order, without the first `after`. */
    ended(after: number, most: number): Readonly<Uint32Array> {
        return this.#ended.subarray(after, Math.min(this.#endedCount, after + most));
    }

    /** Calls `visit` with each message in flight whose attempt began before a time. */
    eachInFlight(sentBeforeNs: number, visit: (sequence: number) => void): void {
        for (let sequence = this.#oldest; sequence < this.#next; sequence++) {
            if (this.#states[sequence] !== states.inFlight) continue;
            if ((this.#sentNs[sequence] as number) < sentBeforeNs) visit(sequence);
        }
    }

    #turn = (): void => {
        const now = this.#now();
        if (now >= this.#sweepAtNs) {
            this.#sweepAtNs = now + sweepMs * 1e6;
            this.#sweep(now);
        }
        while (this.#next < this.#end && this.#ageAt(this.#now(), this.#next) >= 0) this.#offer(this.#next++);
        while (this.#oldest < this.#next && this.#isEnded(this.#oldest)) this.#oldest += 1;
        if (this.#oldest === this.#end) {
            this.#isDone = true;
            this.#done();
            return;
        }
        const untilNext = this.#next < this.#end ? -1000 * this.#ageAt(this.#now(), this.#next) : sweepMs;
        // Timers count in whole ms: one that is too early would cost a second one.
        this.#wait(Math.max(1, Math.ceil(Math.min(untilNext, sweepMs))), this.#turn);
    };

    /** The first attempt, at its time; there is no limit to those in flight. */
    #offer(sequence: number): void {
        const now = this.#now();
        this.#lateness[sequence] = this.#ageAt(now, sequence);
        this.#attempt(sequence, now);
    }

    /** Gives up what takes too long, and sends again what failed, the oldest first. */
    #sweep(now: number): void {
        for (let sequence = this.#oldest; sequence < this.#next; sequence++) {
            const state = this.#states[sequence] as number;
            if (state === states.inFlight) this.#giveUpInTime(sequence, now);
            else if (state >= states.failed && this.#isDueAgain(sequence, now)) this.#attempt(sequence, now);
        }
    }

    #giveUpInTime(sequence: number, now: number): void {
        const sentNs = this.#sentNs[sequence] as number;
        if (sentNs === Number.POSITIVE_INFINITY) return;
        const { delivery, attemptSeconds } = this.#settings;
        const age = this.#ageAt(now, sequence);
        const isOver =
            delivery === "once" ? age >= attemptSeconds : age >= givenUpSeconds || now - sentNs >= attemptSeconds * 1e9;
        if (!isOver) return;
        this.#sentNs[sequence] = Number.POSITIVE_INFINITY;
        this.courier.giveUp(sequence);
    }

    #isDueAgain(sequence: number, now: number): boolean {
        if (this.#settings.delivery === "once" || this.#inFlight >= mostInFlight) return false;
        const sentNs = this.#sentNs[sequence] as number;
        const wasGivenUp = sentNs === Number.POSITIVE_INFINITY;
        return this.#ageAt(now, sequence) < givenUpSeconds && (wasGivenUp || now - sentNs >= retrySeconds * 1e9);
    }

    #attempt(sequence: number, now: number): void {
        this.#states[sequence] = states.inFlight;
        this.#sentNs[sequence] = now;
        this.#attempts[sequence] = (this.#attempts[sequence] as number) + 1;
        this.#inFlight += 1;
        this.courier.send(sequence);
    }

    /** Also ends what has failed for too long. */
    #isEnded(sequence: number): boolean {
        const state = this.#states[sequence] as number;
        if (state < states.acknowledged) return false;
        if (state === states.acknowledged || this.#settings.delivery === "once") return true;
        if (this.#ageAt(this.#now(), sequence) < givenUpSeconds) return false;
        this.#close(sequence, state);
        return true;
    }

    /** Whether an attempt has failed, and another one can follow. */
    #isBetweenAttempts(sequence: number): boolean {
        const state = this.#states[sequence] ?? states.waiting;
        return this.#settings.delivery === "retry" && sequence >= this.#oldest && state >= states.failed;
    }

    #close(sequence: number, state: number): void {
        this.#states[sequence] = state;
        this.#ended[this.#endedCount++] = sequence;
    }

    /** Seconds since a message was due. */
    #ageAt(now: number, sequence: number): number {
        return (now - this.#startNs) / 1e9 - dueOf(this.#settings, sequence);
    }
}
