import type { Sent } from "../../statistics/outcome.ts";
import type { Clock } from "../clock.ts";

/** How a message is delivered: in one attempt, or in as many as it takes. */
export type Delivery = "once" | "retry";

/** What is offered. */
export interface LoadSettings {
    ratePerSecond: number;
    /** Number of messages, one per slot. */
    slots: number;
    delivery: Delivery;
}

/** Carries messages. It ends each attempt by `acknowledged` or `failed` of the load, within a message's deadline. */
export interface Courier {
    /** Starts an attempt; may be called again for a message, but not while an attempt of it goes on. */
    send(sequence: number): void;
}

/** Waits, then calls back. */
export type Wait = (ms: number, then: () => void) => void;

/** Time between two attempts of a message, and after which it is given up, in seconds. */
const [retrySeconds, givenUpSeconds] = [0.1, 30];
/** Attempts that go on at once. More would be a storm after an outage, in which nothing is on time. */
const mostInFlight = 256;

const states = { waiting: 0, inFlight: 1, acknowledged: 2, failed: 3, unanswered: 4 } as const;

/**
 * Offers messages at a constant rate: slot i is due at start + i / rate, whatever became of those before (no coordinated
 * omission). All its memory is allocated before; an attempt allocates nothing here.
 */
export class Load {
    readonly #settings: LoadSettings;
    readonly #courier: Courier;
    readonly #now: Clock;
    readonly #wait: Wait;
    readonly #states: Uint8Array;
    readonly #attempts: Uint16Array;
    /** From when a message was due to its acknowledgement. */
    readonly #seconds: Float64Array;
    /** From when a message was due to its first attempt: how late this program was itself. */
    readonly #lateness: Float64Array;
    #startNs = 0;
    /** The first slot that is not yet due, and the first whose end is not known. */
    #next = 0;
    #oldest = 0;
    #inFlight = 0;
    #done: () => void = () => {};

    /** @param now in ns */
    constructor(settings: LoadSettings, courier: Courier, now: Clock, wait: Wait) {
        const { slots } = settings;
        this.#settings = settings;
        this.#courier = courier;
        this.#now = now;
        this.#wait = wait;
        this.#states = new Uint8Array(slots);
        this.#attempts = new Uint16Array(slots);
        this.#seconds = new Float64Array(slots);
        this.#lateness = new Float64Array(slots);
    }

    /** Offers everything. @param startNs when the first slot is due. @returns when the end of every message is known */
    async run(startNs: number): Promise<void> {
        this.#startNs = startNs;
        await new Promise<void>((resolve) => {
            this.#done = resolve;
            this.#turn();
        });
    }

    /** An attempt of a message was acknowledged. */
    acknowledged(sequence: number): void {
        this.#inFlight -= 1;
        this.#states[sequence] = states.acknowledged;
        this.#seconds[sequence] = this.#ageOf(sequence);
    }

    /** An attempt of a message failed. @param isDefinite whether it certainly ended, not only without an answer */
    failed(sequence: number, isDefinite: boolean): void {
        this.#inFlight -= 1;
        this.#states[sequence] = isDefinite ? states.failed : states.unanswered;
    }

    /** What became of a message, after {@link run}. */
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

    #turn = (): void => {
        const { slots, ratePerSecond } = this.#settings;
        this.#retry();
        while (this.#next < slots && this.#ageOf(this.#next) >= 0) this.#offer(this.#next++);
        while (this.#oldest < this.#next && this.#isEnded(this.#oldest)) this.#oldest += 1;
        if (this.#oldest === slots) {
            this.#done();
            return;
        }
        const untilNext = this.#next < slots ? -1000 * this.#ageOf(this.#next) : Number.POSITIVE_INFINITY;
        this.#wait(Math.max(1, Math.min(untilNext, 1000 / ratePerSecond, 20)), this.#turn);
    };

    /** The first attempt, at its time; there is no limit to those in flight. */
    #offer(sequence: number): void {
        this.#lateness[sequence] = this.#ageOf(sequence);
        this.#attempt(sequence);
    }

    /** Attempts of what failed, the oldest first. */
    #retry(): void {
        if (this.#settings.delivery === "once") return;
        for (let sequence = this.#oldest; sequence < this.#next && this.#inFlight < mostInFlight; sequence++) {
            if (this.#isDueAgain(sequence)) this.#attempt(sequence);
        }
    }

    #isDueAgain(sequence: number): boolean {
        if ((this.#states[sequence] as number) < states.failed) return false;
        const age = this.#ageOf(sequence);
        return age < givenUpSeconds && age >= retrySeconds * (this.#attempts[sequence] as number);
    }

    #attempt(sequence: number): void {
        this.#states[sequence] = states.inFlight;
        this.#attempts[sequence] = (this.#attempts[sequence] as number) + 1;
        this.#inFlight += 1;
        this.#courier.send(sequence);
    }

    #isEnded(sequence: number): boolean {
        const state = this.#states[sequence] as number;
        if (state === states.acknowledged) return true;
        if (state < states.failed) return false;
        return this.#settings.delivery === "once" || this.#ageOf(sequence) >= givenUpSeconds;
    }

    /** Seconds since a message was due. */
    #ageOf(sequence: number): number {
        return (this.#now() - this.#startNs) / 1e9 - sequence / this.#settings.ratePerSecond;
    }
}
