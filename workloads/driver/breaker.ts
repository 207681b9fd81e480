import type { Reading } from "../../model/reading.ts";
import { messageOf } from "../process.ts";

/** One question to a source that a run can do without may take so long; seconds. */
export const askSeconds = 2;

/** Failures in a row after which a source is asked less often. */
const patience = 3;
/** How often it is asked then; milliseconds. */
const pauseMs = 30_000;

/** Asks a source that a run can do without, so that one which is away costs it next to no time. */
export class Breaker {
    readonly #what: string;
    readonly #signal: AbortSignal;
    readonly #log: (line: string) => void;
    readonly #nowMs: () => number;
    #failures = 0;
    #failedMs = 0;
    #reason = "";

    /**
     * @param what name of the source, at the start of the lines that are logged when it fails and when it is back
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
     * What the source answers, or why it has no answer; after three failures in a row it is asked once in 30 s.
     * @param question should not take longer than {@link askSeconds}
     * @throws what the question throws once the run is stopped
     */
    async ask<T>(question: () => Promise<T>): Promise<Reading<T>> {
        if (this.#failures >= patience && this.#nowMs() - this.#failedMs < pauseMs) {
            return { unavailable: `not asked so soon after ${this.#failures} failures, the last: ${this.#reason}` };
        }
        try {
            const answer = await question();
            if (this.#failures > 0) this.#log(`${this.#what}: answers again`);
            this.#failures = 0;
            return answer;
        } catch (error) {
            if (this.#signal.aborted) throw error;
            this.#reason = messageOf(error);
            if (this.#failures === 0) this.#log(`${this.#what}: ${this.#reason}; going on without its figures`);
            this.#failures += 1;
            this.#failedMs = this.#nowMs();
            return { unavailable: this.#reason };
        }
    }
}
