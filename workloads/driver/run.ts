import { isMain } from "../../model/arms.ts";
import { schemaVersion } from "../../model/fields.ts";
import type { Plan } from "../../model/plan.ts";
import { armsOf } from "../../model/plan.ts";
import type { Progress } from "../../model/progress.ts";
import type { Reading } from "../../model/reading.ts";
import type { Injection } from "../../model/scenarios.ts";
import { formatSize } from "../../model/sizes.ts";
import type { Trial } from "../../model/trial.ts";
import { aggregate } from "../../report/findings/results.ts";
import { requiredTrials } from "../../statistics/adaptive.ts";
import { type ScheduledCell, type ScheduledTrial, schedule } from "../../statistics/schedule.ts";
import { AgentClient, AgentError } from "./agent-client.ts";
import { type Connection, canBeBlocked, policyHint, policyOf } from "./blocked.ts";
import { agentUrls, type Ends, uploadUrlOf } from "./ends.ts";
import { checkEntries, damageOf, indexesOf, type Journal, type JournalContents } from "./journal.ts";
import type { RequestOptions } from "./kube-client.ts";
import type { RunLease } from "./lease.ts";
import type { Pods } from "./pods.ts";
import { type Current, progressOf } from "./progress.ts";
import { attemptTrial, endTrials } from "./trial.ts";
import type { Witnessed, Witnesses } from "./witnesses.ts";

/** Options of the driver. */
export interface DriverOptions {
    plan: Plan;
    namespace: string;
    podName: string;
    /** Name of the driver's NetworkPolicy, for messages. */
    networkPolicy: string;
    apiUrl: string;
    serviceAccount: string;
    /** When it aborts with a {@link Stop}, the run ends with what it has. */
    signal: AbortSignal;
    log: (line: string) => void;
    /** How long to wait for the agents; seconds. @default 60 */
    readySeconds?: number;
    /** How long to wait until Prometheus scrapes them, before continuing without it; seconds. @default 30 */
    scrapedSeconds?: number;
}

const attempts = 3;
/** Failures that another attempt wouldn't fix: file events that don't arrive, a container that doesn't start. */
const finalCodes = ["too-many-misses", "not-ready"];
/** How long the main arms' agents have to answer for the first time; more than a restarted container takes. */
const reachSeconds = 20;
/** A Pod that doesn't answer within this many seconds might be unschedulable. */
const schedulingSeconds = 5;

/** One run, from the existing journal to the results. */
export class Run {
    readonly #options: DriverOptions;
    readonly #journal: Journal;
    readonly #lease: RunLease;
    readonly #pods: Pods;
    readonly #kubernetesVersion: Reading<string>;
    readonly #witnesses: Witnesses | undefined;
    readonly #clients = new Map<string, AgentClient>();
    /** Arms that are no longer measured. */
    readonly #dead = new Set<string>();
    #contents: JournalContents<Trial> = { entries: [], broken: [] };
    /** All trials that the current journal requires. */
    #required: ScheduledTrial[];

    /** @param witnesses in a run with metrics */
    constructor(
        options: DriverOptions,
        journal: Journal,
        lease: RunLease,
        pods: Pods,
        kubernetesVersion: Reading<string>,
        witnesses: Witnesses | undefined,
    ) {
        this.#options = options;
        this.#journal = journal;
        this.#lease = lease;
        this.#pods = pods;
        this.#kubernetesVersion = kubernetesVersion;
        this.#witnesses = witnesses;
        this.#required = requiredTrials(options.plan, []);
    }

    async measure(): Promise<void> {
        const { plan, log } = this.#options;
        this.#contents = await this.#journal.read();
        const { entries: trials, broken } = this.#contents;
        checkEntries(
            "trial",
            trials,
            schedule(plan),
            ({ arm, round }: Pick<Trial, "arm" | "round">) => `${arm}, round ${round}`,
        );
        for (const { reason } of broken) log(reason);
        for (const { arm, state } of trials) if (isLast(state)) this.#dead.add(arm);
        if (trials.length > 0) log(`resuming after ${trials.length} of ${this.#required.length} trials`);
        for (let first = true; ; first = false) {
            this.#required = requiredTrials(plan, trials);
            const left = this.#remaining();
            if (left.length === 0) return;
            if (first) {
                await this.#untilReached();
                await this.#untilScraped();
            }
            if ((left[0] as ScheduledTrial).round >= plan.rounds) log("the intervals are too wide: one more round");
            for (const trial of left) if (!this.#dead.has(trial.arm)) await this.#measureTrial(trial);
        }
    }

    /** Entries of the journal that couldn't be read; undefined if there are none. */
    get damage(): string | undefined {
        return damageOf(this.#contents);
    }

    /** Aggregates the trials and writes the results. @returns why the run is incomplete; undefined if it is complete */
    async finish(
        journal: Journal,
        injections: readonly Injection[],
        stopReason: string | undefined,
        options?: RequestOptions,
    ): Promise<string | undefined> {
        const { plan, log } = this.#options;
        const { entries: trials } = this.#contents;
        await journal.writeProgress({ ...this.#progress(), phase: "aggregating" });
        const results = aggregate({ plan, trials, injections, stopReason });
        await journal.writeResults(results, options);
        log(`${results.complete ? "complete" : "incomplete"}: ${results.summary}`);
        await journal.writeProgress({ ...this.#progress(), phase: "done" });
        return results.complete ? undefined : (results.incompleteReason ?? "unknown");
    }

    async close(): Promise<void> {
        await Promise.all([...this.#clients.values(), this.#witnesses].map((client) => client?.close()));
    }

    /**
     * Waits for the agents of the main arms: without these arms a run has no verdict.
     * @throws AgentError if one doesn't answer: its Pod was ready before the driver started, so waiting longer is useless
     */
    async #untilReached(): Promise<void> {
        const { plan } = this.#options;
        const urls = new Set(
            armsOf(plan)
                .filter(isMain)
                .flatMap((arm) => Object.values(agentUrls(arm, plan))),
        );
        await Promise.all([...urls].map((url) => this.#client(url).untilReady(reachSeconds)));
    }

    /** Waits, so that the first trial has scrapes too. */
    async #untilScraped(): Promise<void> {
        const { plan, scrapedSeconds = 30 } = this.#options;
        const urls = new Set(armsOf(plan).flatMap((arm) => Object.values(agentUrls(arm, plan))));
        const clients = [...urls].map((url) => this.#client(url));
        await this.#witnesses?.untilScraped(clients, scrapedSeconds, () => this.#lease.renew());
    }

    #remaining(): ScheduledTrial[] {
        const taken = indexesOf(this.#contents);
        return this.#required.filter(({ index, arm }) => !taken.has(index) && !this.#dead.has(arm));
    }

    /** Up to three attempts; the last one goes into the journal, with the reasons of the others. */
    async #measureTrial(trial: ScheduledTrial): Promise<void> {
        const { plan, log } = this.#options;
        const startedAt = new Date().toISOString();
        const startMs = performance.now();
        const earlier: string[] = [];
        for (let attempt = 1; ; attempt++) {
            const { code, ...result } = await this.#attempt(trial);
            const { state } = result;
            const last = state === "ok" || state === "unavailable" || attempt === attempts || isFinal(code);
            const name = `trial ${trial.index + 1}/${this.#required.length} ${trial.arm}`;
            if (!last) {
                earlier.push(...result.reasons.map((reason) => `attempt ${attempt}: ${reason}`));
                log(`${name}: ${state}, repeated: ${result.reasons.join("; ")}`);
                continue;
            }
            const seconds = (performance.now() - startMs) / 1000;
            const done: Trial = {
                schemaVersion,
                runId: plan.runId,
                index: trial.index,
                round: trial.round,
                arm: trial.arm,
                attempt,
                startedAt,
                seconds,
                kubernetesVersion: this.#kubernetesVersion,
                ...result,
                containers: await this.#witnessed(result),
                reasons: [...earlier, ...result.reasons],
            };
            const discarded = done.cells.flatMap(({ reasons }) => reasons);
            log([`${name}: ${state} in ${done.seconds.toFixed(1)} s`, ...done.reasons, ...discarded].join("; "));
            if (isLast(state)) this.#dead.add(trial.arm);
            await this.#journal.writeTrial(done);
            this.#contents.entries.push(done);
            return;
        }
    }

    async #attempt(
        trial: ScheduledTrial,
    ): Promise<Pick<Trial, "state" | "reasons" | "cells" | "containers" | "window"> & { code?: string | undefined }> {
        const { plan } = this.#options;
        const none = { cells: [], containers: [] };
        let current: ScheduledCell | undefined;
        let measured = 0;
        try {
            const placed = await this.#untilReady(trial.arm);
            if (placed !== undefined) return { state: "unavailable", reasons: [placed], ...none };
            const ends = await this.#ends(trial.arm);
            const attempt = await attemptTrial(trial, plan, ends, async (cell) => {
                current = cell;
                const progress = this.#progress({ trial, cell, measured: measured++ });
                await Promise.all([this.#lease.renew(), this.#journal.writeProgress(progress)]);
            });
            await endTrials(ends);
            const containers = attempt.containers.map(async (container) => ({
                ...container,
                qosClass: await this.#pods.qosClassOf(container.info.podName),
            }));
            return { ...attempt, containers: await Promise.all(containers) };
        } catch (error) {
            if (!(error instanceof AgentError)) throw error;
            const where = current === undefined ? "before the first cell" : `at ${formatSize(current.size)}`;
            const hint = canBeBlocked(error.code) ? policyHint(this.#connectionOf(trial.arm)) : "";
            return { state: "discarded", reasons: [`${where}: ${error.message}${hint}`], ...none, code: error.code };
        }
    }

    /** The containers of a trial, with the witnesses' figures if the run has metrics. */
    async #witnessed({ containers, window }: Pick<Trial, "containers" | "window">): Promise<Trial["containers"]> {
        if (this.#witnesses === undefined || window === undefined) return containers;
        const infos = containers.map(({ info }) => info);
        const metrics = await this.#witnesses.over(window, infos);
        return containers.map((container, index) => ({ ...container, metrics: metrics[index] as Witnessed }));
    }

    /**
     * Waits for both ends of an arm, which can just have been started or restarted.
     * @returns why Kubernetes can't schedule one of them; undefined if both are there
     * @throws AgentError if one doesn't start for another reason
     */
    async #untilReady(arm: string): Promise<string | undefined> {
        const { plan, readySeconds = 60 } = this.#options;
        const urls = agentUrls(arm, plan);
        const ready = (seconds: number) =>
            Promise.all(Object.values(urls).map((url) => this.#client(url).untilReady(seconds)));
        try {
            await ready(Math.min(schedulingSeconds, readySeconds));
        } catch (error) {
            if (!(error instanceof AgentError)) throw error;
            const why = await this.#pods.unschedulable(urls.responder).catch(() => undefined); // unknown
            if (why !== undefined) return `the responder's Pod can't be scheduled: ${why}`;
            await ready(readySeconds);
        }
        return undefined;
    }

    #connectionOf(arm: string): Connection {
        const { initiator, responder } = agentUrls(arm, this.#options.plan);
        return { from: policyOf(initiator), to: policyOf(responder) };
    }

    async #ends(arm: string): Promise<Ends> {
        const urls = agentUrls(arm, this.#options.plan);
        const [initiator, responder] = [this.#client(urls.initiator), this.#client(urls.responder)];
        const { podIp } = await responder.info();
        return { initiator, responder, uploadUrl: uploadUrlOf(arm, this.#options.plan, podIp) };
    }

    #progress(current?: Current): Progress {
        return progressOf(this.#options.plan, this.#required, this.#remaining(), current);
    }

    #client(url: string): AgentClient {
        let client = this.#clients.get(url);
        if (client === undefined) {
            const { signal, networkPolicy } = this.#options;
            client = new AgentClient(url, signal, networkPolicy);
            this.#clients.set(url, client);
        }
        return client;
    }
}

function isFinal(code: string | undefined): boolean {
    return code !== undefined && finalCodes.includes(code);
}

/** Whether a trial of this state is the arm's last. */
function isLast(state: Trial["state"]): boolean {
    return state === "discarded" || state === "unavailable";
}
