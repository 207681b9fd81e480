import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Wanted } from "../../../model/progress.ts";
import { Impossible, NotInjected } from "../../injections/scenario.ts";
import { type KubeClient, KubeError } from "../kube-client.ts";

/** How often it is asked, and how long it may take to answer. */
const pollMs = 250;
const answerSeconds = 3;

/** Limits in seconds. */
export interface OutageLimits {
    /** Until somebody stops it. */
    begin: number;
    /** Beyond the time that was asked for, until it answers again. */
    end: number;
}

/**
 * The API server as scenarios see it. The driver has no right to stop it: it asks the command to, by its progress, and sees by
 * itself whether it answers.
 */
export class ApiServer {
    readonly #kube: KubeClient;
    readonly #signal: AbortSignal;
    readonly #limits: OutageLimits;
    #wanted: Wanted | undefined;
    /** That nobody stopped it: nobody will. */
    #refusal: Impossible | undefined;
    #outage: { since: number; seconds: number } | undefined;

    /** @param signal ends all waiting */
    constructor(kube: KubeClient, signal: AbortSignal, limits: OutageLimits = { begin: 30, end: 60 }) {
        this.#kube = kube;
        this.#signal = signal;
        this.#limits = limits;
    }

    /** What the command is asked for now. */
    get wanted(): Wanted | undefined {
        return this.#wanted;
    }

    /** Asks for an outage, and waits until it begins. @throws Impossible if nobody stops the API server */
    async goDown(seconds: number): Promise<void> {
        if (this.#refusal !== undefined) throw this.#refusal;
        this.#wanted = { what: "api-server-down", id: randomUUID(), seconds };
        const since = await this.#firstSeen(false, this.#limits.begin).finally(() => {
            this.#wanted = undefined;
        });
        if (since === undefined) {
            this.#refusal = new Impossible(
                "nobody stopped the API server: only `hopcost run` does, and only the sandbox's",
            );
            throw this.#refusal;
        }
        this.#outage = { since, seconds };
    }

    /** Waits until the outage is over. @returns its seconds @throws NotInjected if it does not end */
    async comeBack(): Promise<number> {
        if (this.#outage === undefined) throw new Error("there is no outage of the API server");
        const { since, seconds } = this.#outage;
        const limit = seconds + this.#limits.end;
        const end = await this.#firstSeen(true, limit);
        if (end === undefined) throw new NotInjected(`the API server did not answer again within ${limit} s`);
        return end - since;
    }

    /**
     * Waits until it answers, or does not, twice in a row: a single request may fail by itself.
     * @returns when that was seen first; undefined if not within so many seconds
     */
    async #firstSeen(answers: boolean, seconds: number): Promise<number | undefined> {
        const until = now() + seconds;
        let first: number | undefined;
        while (now() < until) {
            const asked = now();
            if ((await this.#isAnswering()) !== answers) first = undefined;
            else if (first === undefined) first = asked;
            else return first;
            await sleep(pollMs, undefined, { signal: this.#signal });
        }
        return undefined;
    }

    async #isAnswering(): Promise<boolean> {
        try {
            await this.#kube.version({ patienceSeconds: 0, timeoutSeconds: answerSeconds });
            return true;
        } catch (error) {
            this.#signal.throwIfAborted();
            return error instanceof KubeError && error.status < 500; // a refusal is an answer as well
        }
    }
}

/** Seconds of a clock that never jumps. */
function now(): number {
    return performance.now() / 1000;
}
