import type { Counters } from "../../model/trial.ts";
import { counterReader } from "../accounting/counters.ts";
import type { StartTrial } from "./api.ts";
import { type ExplainDeath, TrialProcess } from "./trial-process.ts";

/** An agent's measured process: one at a time. */
export class TrialSlot {
    readonly #entry: URL;
    readonly #explain: ExplainDeath;
    readonly #ownCounters = counterReader(process.pid);
    #running: { trial: TrialProcess; counters: () => Counters } | undefined;
    #changing: Promise<unknown> = Promise.resolve();

    /** @param entry the measured process's program */
    constructor(entry: URL, explain: ExplainDeath) {
        this.#entry = entry;
        this.#explain = explain;
    }

    /** Undefined if no trial is running. */
    get trial(): TrialProcess | undefined {
        return this.#running?.trial;
    }

    /** The trial of the measured process; undefined if there is none or it has died. */
    get alive(): StartTrial | undefined {
        return this.trial?.death === undefined ? this.trial?.trial : undefined;
    }

    /** Counters of the measured process; of this process if no trial is running. */
    counters(): Counters {
        return (this.#running?.counters ?? this.#ownCounters)();
    }

    /** Ends the old process and starts a fresh one; resolves once it is ready. @throws TrialError */
    start(trial: StartTrial): Promise<void> {
        return this.#inTurn(async () => {
            await this.#end();
            const next = new TrialProcess(this.#entry, trial, this.#explain);
            const running = { trial: next, counters: counterReader(next.pid) };
            this.#running = running;
            try {
                await next.call("start", trial);
            } catch (error) {
                await next.end();
                if (this.#running === running) this.#running = undefined;
                throw error;
            }
        });
    }

    /** Ends the process, if there is one. */
    end(): Promise<void> {
        return this.#inTurn(() => this.#end());
    }

    async #end(): Promise<void> {
        const old = this.#running;
        this.#running = undefined;
        await old?.trial.end();
    }

    /** One start or end at a time, in the order of the requests. */
    #inTurn(work: () => Promise<void>): Promise<void> {
        const result = this.#changing.then(work, work);
        this.#changing = result.catch(() => {});
        return result;
    }
}
