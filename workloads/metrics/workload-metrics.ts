import { setImmediate } from "node:timers/promises";
import { Counter, Gauge, Registry } from "@prometheus-io/client";
import { type Arm, familyOf } from "../../model/arms.ts";
import { metricNames } from "../../model/metric-names.ts";
import type { Measured, Prepare, StartTrial } from "../agent/api.ts";
import { monotonicClock } from "../clock.ts";
import { containerMetrics } from "./container-metrics.ts";
import { RoundTripHistogram } from "./round-trip-histogram.ts";

/**
 * What an agent tells Prometheus: see names.ts. All of it is read or written by this process, and nothing runs
 * between two scrapes: the library's default metrics are left out because they start a timer of 10 ms.
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
     * @param initiator whether its measured process measures: nobody else knows of round trips
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

    /** A trial is about to start. What it will count begins at 0: Prometheus doesn't see the step of one that appears. */
    starting({ arm }: StartTrial): void {
        for (const kind of this.#initiator ? ["miss", "stale_ack", "failed"] : ["failed"]) {
            this.#errors.inc({ arm, kind }, 0);
        }
        if (this.#initiator) this.#addPayload(arm, 0);
    }

    /** A cell was measured. @throws ReportError where its histogram is none of ours */
    measured(arm: string, { mode, size }: Prepare, { cell }: Measured): void {
        this.#addPayload(arm, size * cell.roundTrips);
        this.#errors.inc({ arm, kind: "miss" }, cell.misses);
        this.#errors.inc({ arm, kind: "stale_ack" }, cell.staleAcks);
        if (mode === "closed-loop") this.#roundTrips.add(arm, size, cell);
    }

    /** The measured process could not do what it was asked. */
    failed(arm: string): void {
        this.#errors.inc({ arm, kind: "failed" });
    }

    /** All there is to tell now. */
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

    /** Nothing is handed over by `floor/noop`. */
    #addPayload(arm: string, bytes: number): void {
        if (familyOf(arm as Arm) !== "floor") this.#payloadBytes.inc({ arm }, bytes);
    }
}
