import { messageOf } from "../../model/error.ts";
import type { Reading } from "../../model/reading.ts";

/** Longest time for one request to an optional source; seconds. */
export const askSeconds = 2;

/** Failures in a row after which requests become rarer. */
const patience = 3;
/** Pause between requests then; milliseconds. */
const pauseMs = 30_000;

/** Queries an optional source so that an unreachable one costs the run almost no time. */
export class Breaker {
    readonly #what: string;
    readonly #signal: AbortSignal;
    readonly #log: (line: string) => void;
    readonly #nowMs: () => number;
    #failures = 0;
    #failedMs = 0;
    #reason = "";

    /**
     * @param what name of the source, at the start of the lines logged when it fails and when it answers again
     * @param signal stops the run
     * @param nowMs monotonic
     */
    constructor(what: string, signal: AbortSignal, log: (line: string) => void, nowMs = () => performance.now()) {
        this.#what = what;
        this.#signal = signal;
        this.#log = log;
        this.#nowMs = nowMs;
    }

    /**
     * The source's answer, or why there is none; after three failures in a row it is queried every 30 s.
     * @param question should take at most {@link askSeconds}
     * @throws what the question throws once the run is stopped
     */
    async ask<T>(question: () => Promise<T>): Promise<Reading<T>> {
        if (this.#failures >= patience && this.#nowMs() - this.#failedMs < pauseMs) {
            return { unavailable: `backing off after ${this.#failures} failures, the last: ${this.#reason}` };
        }
        try {
            const answer = await question();
            if (this.#failures > 0) this.#log(`${this.#what}: answers again`);
            this.#failures = 0;
            return answer;
        } catch (error) {
            if (this.#signal.aborted) throw error;
            this.#reason = messageOf(error);
            if (this.#failures === 0) this.#log(`${this.#what}: ${this.#reason}; continuing without its figures`);
            this.#failures += 1;
            this.#failedMs = this.#nowMs();
            return { unavailable: this.#reason };
        }
    }
}
