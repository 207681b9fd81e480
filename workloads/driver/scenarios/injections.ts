import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../../model/progress.ts";
import { type Injection, type Instance, latenessBound, type ScenarioPlan, sham } from "../../../model/scenarios.ts";
import { injectionSchedule, type ScheduledInjection } from "../../../statistics/injection-schedule.ts";
import { batchesOf, goesBeside, isAlone, meetsAll, Waiting } from "../../injections/batches.ts";
import { Crowd } from "../../injections/crowd.ts";
import { secondsUntilDone, usualSecondsOf } from "../../injections/duration.ts";
import { apartSeconds, TooBusy } from "../../injections/scenario.ts";
import { canServe } from "../../injections/scenarios.ts";
import { checkEntries, damageOf, indexesOf, type Journal } from "../journal.ts";
import type { KubeClient } from "../kube-client.ts";
import type { RunLease } from "../lease.ts";
import type { DriverOptions } from "../run.ts";
import { ApiServer } from "./api-server.ts";
import { type InjectOptions, inject } from "./inject.ts";
import { PodWatch } from "./pod-watch.ts";
import { SharedEvent } from "./shared-event.ts";
import { InstanceStage } from "./stage.ts";

/** How long injections that share an event wait for one that takes longer to start. */
const meetSeconds = 60;
/** How long an injection that has the cluster to itself waits until the Pods of the others are gone. */
const calmSeconds = 60;
/** The share of the messages before an event that may be offered late: some always are. */
const lateShare = 0.1;
/** How often the driver says what goes on. No trial measures meanwhile. */
const reportMs = 1000;

/** The injections of a run: those of the journal, then those that are left, several at once. */
export class Injections {
    readonly #options: DriverOptions;
    readonly #plan: ScenarioPlan;
    readonly #instances: readonly Instance[];
    readonly #kube: KubeClient;
    readonly #journal: Journal;
    readonly #lease: RunLease;
    readonly #schedule: ScheduledInjection[];
    readonly #apiServer: ApiServer;
    readonly #crowd: Crowd;
    readonly #done: Injection[] = [];
    /** What goes on, by instance. */
    readonly #current = new Map<string, { injection: ScheduledInjection; sinceMs: number }>();
    #broken: { name: string; reason: string }[] = [];

    /** @param plan the scenarios of the run's plan */
    constructor(options: DriverOptions, plan: ScenarioPlan, kube: KubeClient, journal: Journal, lease: RunLease) {
        this.#options = options;
        this.#plan = plan;
        this.#instances = options.plan.instances ?? [];
        this.#crowd = new Crowd(Math.max(1, this.#instances.length));
        this.#kube = kube;
        this.#journal = journal;
        this.#lease = lease;
        this.#schedule = injectionSchedule(plan, options.plan.seed, usualSecondsOf);
        this.#apiServer = new ApiServer(kube, options.signal);
    }

    /** What was injected, in no order. */
    get done(): readonly Injection[] {
        return this.#done;
    }

    /** Entries of the journal that couldn't be read; undefined if there are none. */
    get damage(): string | undefined {
        return damageOf({ broken: this.#broken });
    }

    /** Does what the journal lacks. @throws Error if it belongs to another plan */
    async run(): Promise<void> {
        const { log } = this.#options;
        const contents = await this.#journal.readInjections();
        const { entries, broken } = contents;
        const describe = ({ scenario, topology }: Pick<Injection, "scenario" | "topology">) =>
            `${scenario}, ${topology}`;
        checkEntries("injection", entries, this.#schedule, describe);
        for (const { reason } of broken) log(reason);
        this.#done.push(...entries);
        this.#broken = broken;
        const taken = indexesOf(contents);
        const left = this.#schedule.filter(({ index }) => !taken.has(index));
        if (entries.length > 0) log(`resuming after ${entries.length} of ${this.#schedule.length} injections`);
        if (left.length === 0) return;
        const watch = new PodWatch(this.#kube);
        const lost = Promise.withResolvers<never>();
        const reporting = setInterval(() => void this.#report().catch(lost.reject), reportMs);
        try {
            await Promise.race([this.#all(left, watch), lost.promise]);
        } finally {
            clearInterval(reporting);
            await watch.close();
        }
    }

    /**
     * Removes every Pod of the instances, and what an injection has changed: before the trials, since a driver that died may
     * have left some, and at a stop.
     * @param kube a client that isn't stopped yet
     * @throws Error if something is still there after so many seconds
     */
    async restore(kube: KubeClient, seconds: number): Promise<void> {
        const watch = new PodWatch(kube);
        const signal = AbortSignal.timeout(1000 * seconds);
        try {
            await Promise.all(
                this.#instances.map(async (instance) => {
                    const stage = new InstanceStage(instance, kube, watch, signal);
                    await stage.restore().finally(() => stage.close());
                }),
            );
        } finally {
            await watch.close();
        }
    }

    /** Those that meet one instance each, several at once; then those whose event would meet all others; then one by one. */
    async #all(left: readonly ScheduledInjection[], watch: PodWatch): Promise<void> {
        const waiting = new Waiting(this.#instances, left.filter(goesBeside));
        await Promise.all(this.#instances.map((instance, at) => this.#work(instance, at, waiting, watch)));
        for (const batch of batchesOf(
            this.#instances,
            left.filter(meetsAll),
            this.#crowd.isReduced ? Math.max(2, this.#crowd.limit) : undefined,
        )) {
            const names = batch.map(({ instance }) => instance.name);
            const event = new SharedEvent(names, this.#apiServer, batch.length * apartSeconds + meetSeconds);
            const work = batch.map(async ({ instance, injection }, at) => {
                await this.#turn(at);
                await this.#inject(instance, injection, watch, { event }).finally(() => event.leave(instance.name));
            });
            await Promise.all(work);
        }
        for (const injection of left.filter(isAlone)) {
            const instance = this.#instances.find((one) => canServe(one, injection));
            if (instance === undefined) continue;
            await this.#untilCalm(watch);
            await this.#inject(instance, injection, watch);
        }
    }

    /** Waits until no instance has Pods any more, but not for ever. */
    async #untilCalm(watch: PodWatch): Promise<void> {
        const until = performance.now() + 1000 * calmSeconds;
        const hasPods = () => this.#instances.some(({ name }) => watch.of(name).length > 0);
        while (hasPods() && performance.now() < until) await sleep(100, undefined, { signal: this.#options.signal });
    }

    /** Does one injection after the other on an instance, as long as there are some that it can serve. */
    async #work(
        instance: Instance,
        at: number,
        waiting: Waiting<Instance, ScheduledInjection>,
        watch: PodWatch,
    ): Promise<void> {
        await this.#turn(at);
        for (;;) {
            const entered = await this.#crowd.enter();
            const next = waiting.take(instance);
            if (next !== undefined && !(await this.#isMade(instance, next, watch, entered))) waiting.putBack(next);
            this.#crowd.leave();
            if (next === undefined) return;
        }
    }

    /** Makes an injection, unless the machine is too busy for so many at once. @param entered from the crowd */
    async #isMade(
        instance: Instance,
        injection: ScheduledInjection,
        watch: PodWatch,
        entered: number,
    ): Promise<boolean> {
        const { signal, log } = this.#options;
        signal.throwIfAborted();
        const beforeEvent = (lateness: readonly number[]) => {
            const late = lateness.filter((seconds) => seconds > latenessBound * this.#plan.deadlineSeconds);
            const isBusy = late.length > lateShare * lateness.length;
            this.#crowd.note(entered, isBusy);
            if (!isBusy || !this.#crowd.isShared) return;
            const worst = Math.max(...late).toFixed(1);
            throw new TooBusy(`${late.length} of ${lateness.length} messages were offered late, by up to ${worst} s`);
        };
        try {
            await this.#inject(instance, injection, watch, { beforeEvent });
            return true;
        } catch (error) {
            if (!(error instanceof TooBusy)) throw error;
            const { scenario, topology } = injection;
            log(`${scenario} ${topology} is put off, with fewer at once: the machine is busy, ${error.message}`);
            return false;
        }
    }

    /** Waits for the turn of one of several that begin. */
    async #turn(at: number): Promise<void> {
        await sleep(at * apartSeconds * 1000, undefined, { signal: this.#options.signal });
    }

    /**
     * @param event what other instances meet as well, if it does
     * @throws TooBusy
     */
    async #inject(
        instance: Instance,
        injection: ScheduledInjection,
        watch: PodWatch,
        { event, ...options }: { event?: SharedEvent } & InjectOptions = {},
    ): Promise<void> {
        const { signal, log, plan } = this.#options;
        this.#current.set(instance.name, { injection, sinceMs: performance.now() });
        const stage = new InstanceStage(instance, this.#kube, watch, signal, event);
        try {
            const done = await inject(injection, stage, this.#plan, plan.runId, options);
            await this.#journal.writeInjection(done);
            this.#done.push(done);
            log(`injection ${this.#done.length}/${this.#schedule.length} ${describe(done)}`);
        } finally {
            this.#current.delete(instance.name);
            await stage.scale(0).catch(() => signal.throwIfAborted());
            await stage.close();
        }
    }

    /** Renews the lease, and says how far the injections are. @throws LeaseLost */
    async #report(): Promise<void> {
        await Promise.all([this.#lease.renew(), this.#journal.writeProgress(this.#progress())]);
    }

    #progress(): Progress {
        const done = this.#done.length;
        const planned = this.#schedule.length;
        const last = this.#done.findLast(({ state, scenario }) => state === "ok" && scenario !== sham);
        const once = last?.flows.find(({ flow }) => flow === "once");
        const { wanted } = this.#apiServer;
        return {
            phase: "injecting",
            trial: 0,
            trials: 0,
            cell: done,
            cells: planned,
            injecting: {
                done,
                planned,
                current: [...this.#current].map(([instance, { injection }]) => `${injection.scenario} in ${instance}`),
                outcomes: outcomesOf(this.#done),
                ...(last &&
                    once && {
                        last: { scenario: last.scenario, topology: last.topology, outageSeconds: once.outageSeconds },
                    }),
                ...(wanted && { wanted }),
                ...(this.#crowd.isReduced && { atOnce: this.#crowd.limit }),
            },
            remainingSeconds: this.#remainingSeconds(),
        };
    }

    /** If what goes on and what is left takes as long as it usually does. */
    #remainingSeconds(): number {
        const current = [...this.#current.values()].map(({ injection }) => injection);
        const begun = new Set([...this.#done, ...current].map(({ index }) => index));
        const busy = this.#instances.map((instance) => {
            const current = this.#current.get(instance.name);
            const spent = current === undefined ? 0 : (performance.now() - current.sinceMs) / 1000;
            const seconds = current === undefined ? 0 : usualSecondsOf(current.injection.scenario) - spent;
            return { instance, seconds: Math.max(0, seconds) };
        });
        const seconds = secondsUntilDone(
            busy,
            this.#schedule.filter(({ index }) => !begun.has(index)),
        );
        return this.#crowd.isReduced ? (seconds * this.#instances.length) / this.#crowd.limit : seconds;
    }
}

/** Messages by outcome; those that nothing had are absent. */
function outcomesOf(injections: readonly Injection[]): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { outcomes } of injections.flatMap(({ flows }) => flows))
        for (const [outcome, count] of Object.entries(outcomes))
            if (count > 0) sums[outcome] = (sums[outcome] ?? 0) + count;
    return sums;
}

/** For the log. */
function describe({ scenario, topology, state, reason, seconds, flows, proof }: Injection): string {
    const outages = flows.map(({ flow, outageSeconds }) => `${flow} ${outageSeconds.toFixed(2)} s`);
    const outage = outages.length === 0 ? [] : [`outage: ${outages.join(", ")}`];
    const how = state === "ok" ? [proof || "no event", ...outage] : [`${state}: ${reason}`];
    return `${scenario} ${topology} in ${seconds.toFixed(0)} s; ${how.join("; ")}`;
}
