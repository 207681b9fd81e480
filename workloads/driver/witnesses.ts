import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../model/error.ts";
import { scrapeSeconds } from "../../model/metric-names.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Info, Trial } from "../../model/trial.ts";
import type { AgentClient } from "./agent-client.ts";
import { Breaker } from "./breaker.ts";
import type { KubeClient } from "./kube-client.ts";
import { apiMetricsOver, readPodMetrics } from "./metrics-api.ts";
import { type Container, Prometheus } from "./prometheus.ts";
import type { Window } from "./scrapes.ts";

/** The witnesses' figures of one container over a trial. */
export type Witnessed = NonNullable<Trial["containers"][number]["metrics"]>;

/** Scrapes of a container before its first trial: by then Prometheus has found it and scrapes it regularly. */
const leastScrapes = 2;

/**
 * Other sources of the containers' usage: Prometheus and the cluster's metrics API. Queried between trials, never
 * during a measurement. Missing figures are marked unavailable and never stop a run.
 */
export class Witnesses {
    readonly #prometheus: Prometheus;
    readonly #kube: KubeClient;
    readonly #signal: AbortSignal;
    readonly #log: (line: string) => void;
    readonly #breakers: { prometheus: Breaker; api: Breaker };

    /** @param signal ends pending queries, and the run */
    constructor(prometheusUrl: string, kube: KubeClient, signal: AbortSignal, log: (line: string) => void) {
        this.#prometheus = new Prometheus(prometheusUrl, signal);
        this.#kube = kube;
        this.#signal = signal;
        this.#log = log;
        const breaker = (what: string) => new Breaker(what, signal, log);
        this.#breakers = { prometheus: breaker("Prometheus"), api: breaker("metrics API") };
    }

    /**
     * Waits until Prometheus scrapes every reachable container; if it doesn't in time, logs that and continues.
     * @param seconds at most
     * @param meanwhile called repeatedly while waiting
     */
    async untilScraped(
        clients: readonly AgentClient[],
        seconds: number,
        meanwhile: () => Promise<void>,
    ): Promise<void> {
        const until = performance.now() + 1000 * seconds;
        const answers = await Promise.all(clients.map((client) => client.info().catch(() => undefined)));
        this.#signal.throwIfAborted();
        const containers = answers.flatMap((info) => (info === undefined ? [] : [labelsOf(info)]));
        for (;;) {
            const missing = await this.#unscraped(containers);
            if (missing === undefined) return;
            if (performance.now() > until) return this.#log(`${missing}, for ${seconds} s; no longer waiting`);
            await meanwhile();
            await sleep((1000 * scrapeSeconds) / 4, undefined, { signal: this.#signal });
        }
    }

    /** Figures of these containers over a trial that has just ended, in the same order. */
    async over(window: Window, infos: readonly Info[]): Promise<Witnessed[]> {
        const containers = infos.map(labelsOf);
        const [scraped, api] = await Promise.all([
            this.#breakers.prometheus.ask(() =>
                Promise.all(containers.map((container) => this.#prometheus.scraped(container, window))),
            ),
            this.#breakers.api.ask(() => readPodMetrics(this.#kube)),
        ]);
        return containers.map((container, index) => ({
            prometheus: isUnavailable(scraped) ? scraped : (scraped[index] as Witnessed["prometheus"]),
            api: isUnavailable(api) ? api : apiMetricsOver(window, container, api),
        }));
    }

    close(): Promise<void> {
        return this.#prometheus.close();
    }

    /** Which containers Prometheus hasn't scraped often enough, or why the query fails; undefined if all is well. */
    async #unscraped(containers: readonly Container[]): Promise<string | undefined> {
        try {
            const scrapes = await this.#prometheus.scrapesOf(containers);
            const few = containers.filter((_, index) => (scrapes[index] ?? 0) < leastScrapes);
            if (few.length === 0) return undefined;
            const names = few.map(({ pod, container }) => `${container} (Pod ${pod})`).join(", ");
            return `Prometheus has not scraped ${names} ${leastScrapes} times`;
        } catch (error) {
            this.#signal.throwIfAborted();
            return messageOf(error);
        }
    }
}

function labelsOf({ podName, role }: Info): Container {
    return { pod: podName, container: role };
}
