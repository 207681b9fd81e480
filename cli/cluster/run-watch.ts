import type { HopcostConfig } from "../../config/config.ts";
import { ReportError } from "../../model/error.ts";
import type { Plan } from "../../model/plan.ts";
import type { Progress } from "../../model/progress.ts";
import type { Injection } from "../../model/scenarios.ts";
import type { Trial } from "../../model/trial.ts";
import type { Show } from "../terminal/steps.ts";
import { answerInTime, type Cluster } from "./cluster.ts";
import type { Outages } from "./outages.ts";
import { progressLine } from "./progress.ts";
import { everySecond, now, Silence, timeIn } from "./silence.ts";

/** Why there is nothing left to wait for, although the engine still waits. */
export type Ending =
    /** The driver wrote its results, but its Job does not end. */
    | { kind: "written" }
    /** Nobody answers, or nothing happens any more. */
    | { kind: "lost"; reason: string };

/** Called with each finished trial and injection, and the plan. */
export type Keep = (plan: Plan, kind: "trials" | "injections", entry: Trial | Injection) => void;

/** Limits in seconds. */
const limits = {
    /** Silence that ends a run whose driver has not reported anything. */
    silentBefore: 180,
    /** Time in which the driver reports nothing, after which its node is looked at. */
    still: 20,
    /** The same, after which a run on a node that is not ready has ended. */
    stillOnLostNode: 180,
    /** For the Job to end after its driver wrote the results. */
    written: 15,
    /** Beyond the Job's own deadline. */
    grace: 60,
} as const;

/**
 * Watches a run while Pulumi's engine waits for its Job: shows what is measured, keeps a copy of each trial as soon as it is
 * finished, and notices that nobody answers any more, which the engine does not.
 */
export class RunWatch {
    /** What was read so far. */
    plan: Plan | undefined;
    readonly trials: Trial[] = [];
    readonly injections: Injection[] = [];
    /** Resolves if there is nothing left to wait for. */
    readonly ending: Promise<Ending>;
    /** Ends what {@link start} began. */
    stop: () => void = () => {};
    private readonly end: (ending: Ending) => void;
    private readonly cluster: Cluster;
    private readonly config: HopcostConfig;
    private show: Show = () => {};
    private readonly keep: Keep;
    private readonly outages: Outages;
    private readonly silence: Silence;
    /** Times of {@link now}. */
    private changedAt = now();
    private doneAt: number | undefined;
    private began: number | undefined;
    private lastProgress = "";
    /** Index of the next trial to read, and those of the injections that were read. */
    private next = 0;
    private readonly read = new Set<number>();

    constructor(cluster: Cluster, config: HopcostConfig, keep: Keep, outages: Outages) {
        const { promise, resolve } = Promise.withResolvers<Ending>();
        this.ending = promise;
        this.end = resolve;
        this.cluster = cluster;
        this.silence = new Silence(cluster.server);
        this.config = config;
        this.keep = keep;
        this.outages = outages;
    }

    start(show: Show): void {
        this.show = show;
        this.stop = everySecond(() => this.look());
    }

    /** Ends an outage that a scenario asked for, since ending the run needs the cluster. */
    endOutage(): Promise<void> {
        return this.outages.end(this.show);
    }

    private async look(): Promise<void> {
        const { namespace, runId } = this.config;
        const outage = this.outages.line;
        if (outage !== undefined) {
            // Nobody can answer, and nothing can be reported.
            this.silence.answered();
            this.changedAt = now();
            return this.show(outage);
        }
        try {
            const progress = await answerInTime(this.cluster.progress(namespace, runId));
            this.silence.answered();
            if (progress === undefined) return;
            this.began ??= now();
            this.outages.serve(progress.injecting?.wanted, this.show);
            await this.readTrials();
            await this.readInjections(progress);
            const text = JSON.stringify(progress);
            if (text !== this.lastProgress) this.changedAt = now();
            this.lastProgress = text;
            const line = progressLine(progress);
            if (progress.phase === "done") this.noticeDone();
            else if (now() - this.changedAt > limits.still) await this.lookAtNode();
            else if (line) this.show(line.line, line.share);
        } catch (error) {
            const who = this.silence.failed(error);
            if (who !== undefined) this.waitFor(who, this.secondsLeft());
        }
    }

    /** Reads the trials that were finished since the last look. */
    private async readTrials(): Promise<void> {
        const { namespace, runId } = this.config;
        this.plan ??= await answerInTime(this.cluster.plan(namespace, runId));
        if (this.plan === undefined) return;
        for (; ; this.next++) {
            const trial = await answerInTime(this.cluster.entry("trial", namespace, runId, this.next)).catch(
                unreadable,
            );
            if (trial === undefined) return;
            if (trial === "unreadable") continue; // collecting the journal warns of it
            this.trials.push(trial);
            this.keep(this.plan, "trials", trial);
        }
    }

    /** The same for injections, which don't end in the order of their indexes, since several go on at once. */
    private async readInjections({ injecting }: Progress): Promise<void> {
        const { namespace, runId } = this.config;
        const { done = 0, planned = 0 } = injecting ?? {};
        for (let index = 0; index < planned && this.read.size < done; index++) {
            if (this.plan === undefined || this.read.has(index)) continue;
            const injection = await answerInTime(this.cluster.entry("injection", namespace, runId, index)).catch(
                unreadable,
            );
            if (injection === undefined) continue;
            this.read.add(index);
            if (injection === "unreadable") continue;
            this.injections.push(injection);
            this.keep(this.plan, "injections", injection);
        }
    }

    private noticeDone(): void {
        this.doneAt ??= now();
        if (now() - this.doneAt > limits.written) this.end({ kind: "written" });
    }

    private waitFor(reason: string, left: number): void {
        if (left <= 0) this.end({ kind: "lost", reason });
        else this.show(`${reason}; the run waits for it until ${timeIn(left)}`);
    }

    /** The cluster goes on measuring without us, so the Job's deadline counts. */
    private secondsLeft(): number {
        if (this.began === undefined) return limits.silentBefore - this.silence.seconds;
        return this.config.plan.deadlineSeconds + limits.grace - (now() - this.began);
    }

    /** A driver reports nothing during a long cell, or if its node is lost. */
    private async lookAtNode(): Promise<void> {
        const trouble = await answerInTime(this.cluster.driverNodeTrouble(this.config.namespace, this.config.runId));
        if (trouble === undefined) return;
        const still = now() - this.changedAt;
        this.waitFor(
            `The driver has reported nothing since ${timeIn(-still)}: ${trouble}`,
            limits.stillOnLostNode - still,
        );
    }
}

function unreadable(error: unknown): "unreadable" {
    if (error instanceof ReportError) return "unreadable";
    throw error;
}
