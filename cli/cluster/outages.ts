import type { Wanted } from "../../model/progress.ts";
import { reasonOf } from "../../sandbox/errors.ts";
import type { Say } from "../../sandbox/say.ts";
import type { Show } from "../terminal/steps.ts";

/** Stops the API server for so many seconds, and starts it again; at once if the signal is aborted. */
export type StopApiServer = (seconds: number, say: Say, signal: AbortSignal) => Promise<void>;

/** What the driver of a run can't do itself: stopping the API server for a scenario. */
export class Outages {
    private readonly stop: StopApiServer | undefined;
    /** What was wanted so far. */
    private readonly served = new Set<string>();
    private readonly ending = new AbortController();
    private current: { line: string; done: Promise<void> } | undefined;

    /** @param stop undefined if the cluster is not the sandbox: then nothing is stopped */
    constructor(stop: StopApiServer | undefined) {
        this.stop = stop;
    }

    /** What goes on, for a live line; undefined if nothing does. */
    get line(): string | undefined {
        return this.current?.line;
    }

    /** Begins what is wanted, once. @param show called if that fails */
    serve(wanted: Wanted | undefined, show: Show): void {
        if (wanted === undefined || this.stop === undefined || this.ending.signal.aborted) return;
        if (this.current !== undefined || this.served.has(wanted.id)) return;
        this.served.add(wanted.id);
        const { what, seconds } = wanted;
        const lineOf = (said: string) => `${said}: scenario ${what}`;
        const current = { line: lineOf("Stopping the API server"), done: Promise.resolve() };
        this.current = current;
        const say = (said: string) => {
            current.line = lineOf(said);
        };
        current.done = this.stop(seconds, say, this.ending.signal)
            .catch((error: unknown) => show(`Scenario ${what}: ${reasonOf(error)}`))
            .finally(() => {
                this.current = undefined;
            });
    }

    /** Ends what goes on, and begins nothing more. Resolves once the API server is there again. */
    async end(show: Show): Promise<void> {
        this.ending.abort();
        if (this.current === undefined) return;
        show("Starting the API server again");
        await this.current.done;
    }
}
