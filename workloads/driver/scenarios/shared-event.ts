import { NotInjected, type Stage } from "../../injections/scenario.ts";

/** How often somebody who waits looks whether the others are there. */
const pollSeconds = 0.05;

/** An event that meets several instances at once: their injections wait for each other, and share one outage. */
export class SharedEvent {
    readonly #apiServer: Stage["apiServer"];
    readonly #limitSeconds: number;
    /** Instances whose injections have not come that far. */
    readonly #missing: Set<string>;
    #hasBegun = false;
    #down: Promise<void> | undefined;
    #back: Promise<number> | undefined;

    /**
     * @param instances names of those that meet it
     * @param limitSeconds how long the first waits for the last
     */
    constructor(instances: Iterable<string>, apiServer: Stage["apiServer"], limitSeconds: number) {
        this.#missing = new Set(instances);
        this.#apiServer = apiServer;
        this.#limitSeconds = limitSeconds;
    }

    /**
     * Waits for the others, until all are there or have left; not for ever.
     * @throws NotInjected if they have gone on without this one
     */
    async meet(instance: string, wait: (seconds: number) => Promise<void>): Promise<void> {
        const until = performance.now() + 1000 * this.#limitSeconds;
        if (this.#hasBegun) throw new NotInjected("the event had begun before its Pods were ready");
        this.#missing.delete(instance);
        while (!this.#hasBegun && this.#missing.size > 0 && performance.now() < until) await wait(pollSeconds);
        this.#hasBegun = true;
    }

    /** Nobody waits for this instance any more. */
    leave(instance: string): void {
        this.#missing.delete(instance);
    }

    /** The first who calls it asks for the outage. */
    goDown(seconds: number): Promise<void> {
        this.#down ??= this.#apiServer.goDown(seconds);
        return this.#down;
    }

    comeBack(): Promise<number> {
        this.#back ??= this.#apiServer.comeBack();
        return this.#back;
    }
}
