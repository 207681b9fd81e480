import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "undici";
import { messageOf } from "../../model/error.ts";
import type { Reading } from "../../model/reading.ts";
import type { Counters, HostContext, Info } from "../../model/trial.ts";
import type { Measure, Measured, Payload, Prepare, StartTrial } from "../agent/api.ts";
import { roundDeadlineSeconds } from "../initiator.ts";
import { policyHint, policyOf } from "./blocked.ts";

/** An agent failed a request or can't be reached. */
export class AgentError extends Error {
    override name = "AgentError";
    /** Machine-readable kind, e.g. `too-many-misses`. */
    readonly code: string | undefined;
    constructor(message: string, code?: string) {
        super(message);
        this.code = code;
    }
}

/** Calls one role's agent. */
export class AgentClient {
    readonly url: string;
    readonly #client: Client;
    readonly #signal: AbortSignal;
    readonly #networkPolicy: string;

    /** @param networkPolicy name of the caller's NetworkPolicy, for messages */
    constructor(url: string, signal: AbortSignal, networkPolicy: string) {
        this.url = url;
        this.#signal = signal;
        this.#networkPolicy = networkPolicy;
        this.#client = new Client(url, { keepAliveTimeout: 600_000, keepAliveMaxTimeout: 600_000 });
    }

    info = () => this.#call<Info>("GET", "/info", 10);
    counters = () => this.#call<Counters>("GET", "/counters", 10);
    startTrial = (trial: StartTrial) => this.#call("PUT", "/trial", 30, trial);
    endTrial = () => this.#call("DELETE", "/trial", 10);
    received = () => this.#call<Payload[]>("GET", "/received", 10);
    host = () => this.#call<Reading<HostContext>>("GET", "/host", 10);
    /** The payloads sent; none from a responder. */
    prepare = (cell: Prepare) => this.#call<Payload[]>("POST", "/prepare", 10 + 2 * roundDeadlineSeconds, cell);
    /** Slow round trips prolong a measurement: each can take its whole deadline. */
    measure = (plan: Measure) =>
        this.#call<Measured>("POST", "/measure", plan.seconds + (plan.roundTrips + 2) * roundDeadlineSeconds, plan);

    /** Waits until the agent answers. @throws AgentError if it doesn't in time */
    async untilReady(seconds: number): Promise<void> {
        const until = performance.now() + seconds * 1000;
        for (;;) {
            try {
                await this.#call("GET", "/healthz", 2);
                return;
            } catch (error) {
                this.#signal.throwIfAborted();
                if (performance.now() > until) {
                    const hint = policyHint({ from: this.#networkPolicy, to: policyOf(this.url) });
                    throw new AgentError(
                        `${messageOf(error)}, for ${seconds} s; inspect its Pod with kubectl get pods and kubectl describe pod${hint}`,
                        "not-ready",
                    );
                }
                await sleep(200, undefined, { signal: this.#signal });
            }
        }
    }

    close(): Promise<void> {
        return this.#client.destroy();
    }

    async #call<T>(
        method: "GET" | "PUT" | "POST" | "DELETE",
        path: string,
        seconds: number,
        body?: object,
    ): Promise<T> {
        const where = `${this.url}: ${method} ${path}`;
        let statusCode: number;
        let text: string;
        try {
            const response = await this.#client.request({
                method,
                path,
                signal: this.#signal,
                headersTimeout: seconds * 1000,
                ...(body === undefined
                    ? {}
                    : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
            });
            statusCode = response.statusCode;
            text = await response.body.text();
        } catch (error) {
            this.#signal.throwIfAborted();
            throw new AgentError(`${where}: no answer (${messageOf(error) || codeOf(error)})`, "unreachable");
        }
        if (statusCode === 200) return JSON.parse(text) as T;
        const { error, code } = refusalOf(text);
        throw new AgentError(error ?? `${where}: answered ${statusCode} ${text.slice(0, 300)}`, code);
    }
}

function refusalOf(text: string): { error?: string; code?: string } {
    try {
        return JSON.parse(text) as { error?: string; code?: string };
    } catch {
        return {}; // not our server
    }
}

function codeOf(error: unknown): string {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
