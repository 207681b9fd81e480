import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { Agent, request } from "undici";
import type { Reading } from "../../model/reading.ts";
import type { Scraped } from "../../model/trial.ts";
import { messageOf } from "../process.ts";
import { askSeconds } from "./breaker.ts";
import { type Series, scrapedNames, scrapedOver, type Window } from "./scrapes.ts";

/** What a measured container is called in Prometheus' labels. */
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

/** How long back it is looked for scrapes that have been made; seconds. */
const recentSeconds = 60;

/** The Prometheus that scrapes the agents; asked only between trials. */
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
     * What it scraped of a container over a trial that has ended: the scrapes themselves, with their own times, and not
     * what `rate()` or a recording rule would make of them.
     * @throws Error where it can't be asked
     */
    async scraped({ pod, container }: Container, window: Window): Promise<Reading<Scraped>> {
        const names = scrapedNames.join("|");
        const labels = `__name__=~"${names}",pod=${JSON.stringify(pod)},container=${JSON.stringify(container)}`;
        // One more than the window has: since version 3 the range lacks its start.
        const milliseconds = Math.ceil(1000 * (window.endSeconds - window.startSeconds)) + 1;
        return scrapedOver(
            window,
            await this.#samples(`{${labels}}[${Math.max(1, milliseconds)}ms]`, window.endSeconds),
        );
    }

    /** How often it has scraped each of these containers of late, with success. @throws Error where it can't be asked */
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

    /** @param selector a range selector. @param atSeconds its end, now by Prometheus' clock where it is left out */
    async #samples(selector: string, atSeconds?: number): Promise<Series[]> {
        const query = new URLSearchParams({ query: selector });
        if (atSeconds !== undefined) query.set("time", atSeconds.toFixed(3));
        const { status, text } = await this.#get(`/api/v1/query?${query}`);
        const answer = parsed(text);
        if (status === 200 && Value.Check(Matrix, answer)) return (answer as Static<typeof Matrix>).data.result;
        const said = status === 200 ? "something else than samples: " : "";
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

/** A connection that was refused by several addresses has no message of its own. */
function whyNot(error: unknown): string {
    return messageOf(error) || (error instanceof Error && "code" in error ? String(error.code) : "unknown");
}
