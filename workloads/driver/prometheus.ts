import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { Agent, request } from "undici";
import { messageOf } from "../../model/error.ts";
import type { Reading } from "../../model/reading.ts";
import type { Scraped } from "../../model/trial.ts";
import { askSeconds } from "./breaker.ts";
import { type Series, scrapedNames, scrapedOver, type Window } from "./scrapes.ts";

/** A measured container's labels in Prometheus. */
export interface Container {
    pod: string;
    /** The role. */
    container: string;
}

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/#range-vectors */
const Matrix = Type.Object({
    status: Type.Literal("success"),
    data: Type.Object({
        resultType: Type.Literal("matrix"),
        result: Type.Array(
            Type.Object({
                metric: Type.Record(Type.String(), Type.String()),
                values: Type.Array(Type.Tuple([Type.Number(), Type.String()])),
            }),
        ),
    }),
});

/** Scrapes of the last so many seconds count as recent. */
const recentSeconds = 60;

/** The Prometheus that scrapes the agents; queried only between trials. */
export class Prometheus {
    readonly #url: string;
    readonly #signal: AbortSignal;
    readonly #agent = new Agent();

    /**
     * @param url base URL, e.g. `http://metrics-prometheus:9090`
     * @param signal ends requests
     */
    constructor(url: string, signal: AbortSignal) {
        this.#url = url.replace(/\/$/, "");
        this.#signal = signal;
    }

    /**
     * The scrapes of a container over a trial that has ended: raw samples with their own timestamps, not results of
     * `rate()` or recording rules.
     * @throws Error if the query fails
     */
    async scraped({ pod, container }: Container, window: Window): Promise<Reading<Scraped>> {
        const names = scrapedNames.join("|");
        const labels = `__name__=~"${names}",pod=${JSON.stringify(pod)},container=${JSON.stringify(container)}`;
        // One more than the window has: since version 3 a range excludes its start.
        const milliseconds = Math.ceil(1000 * (window.endSeconds - window.startSeconds)) + 1;
        return scrapedOver(
            window,
            await this.#samples(`{${labels}}[${Math.max(1, milliseconds)}ms]`, window.endSeconds),
        );
    }

    /** Recent successful scrapes of each of these containers. @throws Error if the query fails */
    async scrapesOf(containers: readonly Container[]): Promise<number[]> {
        const series = await this.#samples(`up{pod!="",container!=""}[${recentSeconds}s]`);
        return containers.map(({ pod, container }) =>
            series
                .filter(({ metric }) => metric.pod === pod && metric.container === container)
                .reduce((sum, { values }) => sum + values.filter(([, up]) => up === "1").length, 0),
        );
    }

    close(): Promise<void> {
        return this.#agent.destroy();
    }

    /** @param selector a range selector. @param atSeconds its end; the default is now by Prometheus' clock */
    async #samples(selector: string, atSeconds?: number): Promise<Series[]> {
        const query = new URLSearchParams({ query: selector });
        if (atSeconds !== undefined) query.set("time", atSeconds.toFixed(3));
        const { status, text } = await this.#get(`/api/v1/query?${query}`);
        const answer = parsed(text);
        if (status === 200 && Value.Check(Matrix, answer)) return (answer as Static<typeof Matrix>).data.result;
        const said = status === 200 ? "not samples: " : "";
        throw new Error(
            `Prometheus at ${this.#url} answered ${status}, ${said}${text.slice(0, 200).trim() || "nothing"}`,
        );
    }

    async #get(path: string): Promise<{ status: number; text: string }> {
        const timeout = AbortSignal.timeout(1000 * askSeconds);
        try {
            const { statusCode, body } = await request(this.#url + path, {
                dispatcher: this.#agent,
                signal: AbortSignal.any([this.#signal, timeout]),
            });
            return { status: statusCode, text: await body.text() };
        } catch (error) {
            this.#signal.throwIfAborted();
            const why = timeout.aborted ? `within ${askSeconds} s` : `(${whyNot(error)})`;
            throw new Error(`no answer from Prometheus at ${this.#url} ${why}`, { cause: error });
        }
    }
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined; // a proxy's page, or not Prometheus
    }
}

/** The error of a connection refused by several addresses has no message. */
function whyNot(error: unknown): string {
    return messageOf(error) || (error instanceof Error && "code" in error ? String(error.code) : "unknown");
}
