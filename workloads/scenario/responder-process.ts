import { type ChildProcess, fork } from "node:child_process";
import { type Clock, monotonicClock } from "../clock.ts";
import { nodeFlags } from "../process.ts";
import type { Fault, ProcessState } from "./api.ts";
import { stateOf } from "./process-state.ts";
import type { FromChild, ToChild } from "./responder-child.ts";

/** A process that has not said for so long that it is alive, hangs; ns. */
const silenceNs = 1e9;

/** The process that serves messages, and what it must survive. */
export class ResponderProcess {
    /** Switches of the probes. */
    isSwitchedReady = true;
    isWatched = true;
    readonly #child: ChildProcess;
    readonly #now: Clock;
    readonly #exited: Promise<void>;
    #serves = false;
    #isEnding = false;
    /** When it last said that it is alive; undefined while it starts, which is not hanging. */
    #aliveNs: number | undefined;

    /**
     * @param entry its program
     * @param died called with an exit code if it ends although nobody asked for it: 137 if it was killed
     */
    constructor(entry: URL, died: (code: number) => void, now: Clock = monotonicClock) {
        this.#now = now;
        this.#child = fork(entry, [], { execArgv: [...nodeFlags], stdio: ["ignore", "inherit", "inherit", "ipc"] });
        this.#child.on("message", (message: FromChild) => {
            if (message === "serving") this.#serves = true;
            this.#aliveNs = this.#now();
        });
        this.#exited = new Promise((resolve) => {
            const ended = (code: number) => {
                this.#serves = false;
                resolve();
                if (!this.#isEnding) died(code);
            };
            this.#child.once("exit", (_code, signal) => ended(signal === "SIGKILL" ? 137 : 1));
            this.#child.once("error", (error) => {
                console.error(error.message);
                ended(1);
            });
        });
    }

    /** Why it isn't ready; undefined if it is. */
    get unready(): string | undefined {
        if (this.#isEnding) return "it is ending";
        if (!this.#serves) return "it does not serve messages yet";
        return this.isSwitchedReady ? undefined : "readiness is switched off";
    }

    /** Why it isn't alive; undefined if it is, or if nobody watches. */
    get unalive(): string | undefined {
        if (!this.isWatched || this.#aliveNs === undefined) return undefined;
        const silence = this.#now() - this.#aliveNs;
        return silence <= silenceNs ? undefined : `it has not answered for ${(silence / 1e9).toFixed(1)} s`;
    }

    get state(): ProcessState {
        const pid = this.#child.pid ?? 0;
        return { pid, state: stateOf(pid) };
    }

    suffer(fault: Fault["kind"]): void {
        if (fault === "allocate")
            this.#child.send("allocate" satisfies ToChild, () => {}); // if it has just died, that is reported
        else this.#child.kill(({ kill: "SIGKILL", stop: "SIGSTOP", continue: "SIGCONT" } as const)[fault]);
    }

    /** Passes SIGTERM on. @returns when it has exited, however long that takes: a stopped process handles no signal */
    async end(): Promise<void> {
        this.#isEnding = true;
        this.#child.kill("SIGTERM");
        await this.#exited;
    }
}
