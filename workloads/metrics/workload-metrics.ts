import { setImmediate } from "node:timers/promises";
import { Counter, Gauge, Registry } from "@prometheus-io/client";
import { type Arm, familyOf } from "../../model/arms.ts";
import { metricNames } from "../../model/metric-names.ts";
import type { Measured, Prepare, StartTrial } from "../agent/api.ts";
import { monotonicClock } from "../clock.ts";
import { containerMetrics } from "./container-metrics.ts";
import { RoundTripHistogram } from "./round-trip-histogram.ts";

/**
 * An agent's metrics for Prometheus: see model/metric-names.ts. This process reads or writes all of them, and nothing
 * runs between two scrapes: the library's default metrics are left out because they start a 10 ms timer.
 */
export class WorkloadMetrics {
    readonly #registry = new Registry();
    readonly #roundTrips = new RoundTripHistogram();
    readonly #readContainer: () => void;
    readonly #initiator: boolean;
    readonly #running: () => StartTrial | undefined;
    readonly #payloadBytes: Counter<"arm">;
    readonly #errors: Counter<"arm" | "kind">;
    readonly #currentTrial: Gauge<"arm">;
    readonly #eventLoopLag: Gauge;

    /**
     * @param initiator whether its process measures: only initiators know round trips
     * @param running the trial whose measured process is running; undefined between trials
     */
    constructor(initiator: boolean, running: () => StartTrial | undefined) {
        this.#initiator = initiator;
        this.#running = running;
        const of = (name: string, help: string) => ({ name, help, registers: [this.#registry] });
        const bytes = of(metricNames.payloadBytes, "Payload handed over in measured cells of every mode.");
        this.#payloadBytes = new Counter({ ...bytes, labelNames: ["arm"] });
        const errors = of(metricNames.errors, "Events missed, acks of other messages, requests that failed.");
        this.#errors = new Counter({ ...errors, labelNames: ["arm", "kind"] });
        const trial = of(metricNames.currentTrial, "Index of the trial that is being measured.");
        this.#currentTrial = new Gauge({ ...trial, labelNames: ["arm"] });
        this.#eventLoopLag = new Gauge(of(metricNames.eventLoopLagSeconds, "Lag of the event loop at the scrape."));
        const start = of(metricNames.processStartSeconds, "Start of the agent since 1970.");
        new Gauge(start).set(performance.timeOrigin / 1000);
        this.#readContainer = containerMetrics(this.#registry);
    }

    /** The content type of {@link text}. */
    get contentType(): string {
        return this.#registry.contentType;
    }

    /**
     * A trial is about to start. Its counters begin at 0, because Prometheus misses the first increase of a new series.
     */
    starting({ arm }: StartTrial): void {
        for (const kind of this.#initiator ? ["miss", "stale_ack", "failed"] : ["failed"]) {
            this.#errors.inc({ arm, kind }, 0);
        }
        if (this.#initiator) this.#addPayload(arm, 0);
    }

    /** A cell was measured. @throws ReportError if its histogram isn't valid */
    measured(arm: string, { mode, size }: Prepare, { cell }: Measured): void {
        this.#addPayload(arm, size * cell.roundTrips);
        this.#errors.inc({ arm, kind: "miss" }, cell.misses);
        this.#errors.inc({ arm, kind: "stale_ack" }, cell.staleAcks);
        if (mode === "closed-loop") this.#roundTrips.add(arm, size, cell);
    }

    /** The measured process failed a request. */
    failed(arm: string): void {
        this.#errors.inc({ arm, kind: "failed" });
    }

    /** All current metrics. */
    async text(): Promise<Buffer> {
        const start = monotonicClock();
        await setImmediate();
        this.#eventLoopLag.set((monotonicClock() - start) / 1e9);
        const trial = this.#running();
        this.#currentTrial.reset();
        if (trial !== undefined) this.#currentTrial.set({ arm: trial.arm }, trial.index);
        this.#readContainer();
        return Buffer.concat([...this.#roundTrips.parts, Buffer.from(await this.#registry.metrics())]);
    }

    /** `floor/noop` hands over nothing. */
    #addPayload(arm: string, bytes: number): void {
        if (familyOf(arm as Arm) !== "floor") this.#payloadBytes.inc({ arm }, bytes);
    }
}
