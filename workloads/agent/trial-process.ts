import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { nodeFlags } from "../process.ts";
import type { Call, Reply } from "../trial-child.ts";
import type { StartTrial } from "./api.ts";

/** A call that the measured process couldn't serve. */
export class TrialError extends Error {
    override name = "TrialError";
    readonly arm: string;
    /** Machine-readable kind, e.g. `too-many-misses`. */
    readonly code: string | undefined;
    constructor(arm: string, message: string, code?: string) {
        super(message);
        this.arm = arm;
        this.code = code;
    }
}

/** Likely reason why a process was killed, e.g. out of memory; empty if unknown. */
export type ExplainDeath = (signal: NodeJS.Signals | null) => string;

/** A forked measured process: a fresh V8, heap and connection. */
export class TrialProcess {
    readonly trial: StartTrial;
    readonly #child: ChildProcess;
    readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
    readonly #exited: Promise<unknown>;
    #nextId = 0;
    #ending = false;
    #death: string | undefined;

    /** @param entry the program, sibling of the agent's */
    constructor(entry: URL, trial: StartTrial, explain: ExplainDeath) {
        this.trial = trial;
        this.#child = fork(entry, [], { execArgv: [...nodeFlags], stdio: ["ignore", "inherit", "inherit", "ipc"] });
        this.#exited = once(this.#child, "exit").catch(() => {});
        this.#child.on("message", (reply: Reply) => this.#settle(reply));
        this.#child.on("error", (error) => this.#die(`could not be started: ${error.message}`));
        this.#child.on("exit", (code, signal) => {
            const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
            this.#die(this.#ending ? "was ended" : `died (${how}${explain(signal)})`);
        });
    }

    /** Its process id; 0, which no process has, if it couldn't be started. */
    get pid(): number {
        return this.#child.pid ?? 0;
    }

    /** Why it ended; undefined while it runs. */
    get death(): string | undefined {
        return this.#death;
    }

    /** @throws TrialError with what failed, or how the process ended */
    call(call: Call["call"], body: unknown): Promise<unknown> {
        if (this.#death !== undefined) return Promise.reject(new TrialError(this.trial.arm, this.#death, "dead"));
        const id = this.#nextId++;
        const pending = Promise.withResolvers<unknown>();
        this.#pending.set(id, pending);
        this.#child.send({ id, call, body } satisfies Call, (error) => {
            if (error === null) return;
            // The channel closes just before the exit, which explains how it died, is known; without a channel it
            // exits.
            const unsent = `${call} could not be sent to the measured process: ${error.message}`;
            void this.#exited.then(() => this.#settle({ id, error: unsent }));
        });
        return pending.promise;
    }

    /** Kills it: all its figures were read between the cells. Resolves once its port and files are free. */
    async end(): Promise<void> {
        this.#ending = true;
        if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
        this.#child.kill("SIGKILL");
        await this.#exited;
    }

    #settle(reply: Reply): void {
        const pending = this.#pending.get(reply.id);
        this.#pending.delete(reply.id);
        if ("error" in reply) pending?.reject(new TrialError(this.trial.arm, reply.error, reply.code));
        else pending?.resolve(reply.result);
    }

    #die(how: string): void {
        this.#death ??= `the measured process (arm ${this.trial.arm}) ${how}`;
        for (const id of [...this.#pending.keys()]) this.#settle({ id, error: this.#death, code: "dead" });
    }
}
