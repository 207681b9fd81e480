import { schemaVersion } from "../../../model/fields.ts";
import { flowsOf, type Injection, type InjectionOutcome, type ScenarioPlan, sham } from "../../../model/scenarios.ts";
import { flowRecordOf, hasRecovered } from "../../../statistics/flow.ts";
import { baselineSeconds } from "../../../statistics/injection.ts";
import type { ScheduledInjection } from "../../../statistics/injection-schedule.ts";
import { toMilliseconds } from "../../../statistics/rounding.ts";
import { slotsIn, type Timetable } from "../../../statistics/timetable.ts";
import { hurtAvailability } from "../../injections/hurt-availability.ts";
import {
    Impossible,
    NotInjected,
    type PodView,
    type Scenario,
    type Surge,
    TooBusy,
} from "../../injections/scenario.ts";
import { scenarioOf, volumeOf } from "../../injections/scenarios.ts";
import type { ClockReading, Schedule } from "../../scenario/api.ts";
import { epochSeconds as now } from "../../scenario/epoch.ts";
import { Autoscaling } from "./autoscaling.ts";
import { Counted, type Course, warmUpSeconds } from "./counted.ts";
import { measureDensity } from "./density.ts";
import { Ledgers } from "./ledgers.ts";
import { FlowLog } from "./offered.ts";
import { type InstanceStage, reasonOf } from "./stage.ts";

/** Between the decision and the first message. */
const leadSeconds = 0.5;
/** How often the initiator's records are read around the event: what a dying Pod has not reported is unknown. */
const [pollSeconds, livelySeconds] = [0.2, 10];
/** The same later, when it only waits for the recovery to last. */
const calmPollSeconds = 1;
/** How often ledgers are read while Pods may go: what one received after that is unknown. */
const ledgerSeconds = 1;
/** The same with an autoscaler, since responders use CPU for it. */
const rareLedgerSeconds = 10;
/** How long messages may end after the last slot: those of `retry` take up to 30 s. */
const drainSeconds = 35;
/** Slots of a schedule beyond what is watched: the event may take longer to begin. */
const spareSeconds = 30;

/** How an injection is made. */
export interface InjectOptions {
    /**
     * Called right before the event, unless the load begins with it.
     * @param lateness how late the load generator offered each message of the baseline, in seconds
     * @throws TooBusy to have no event
     */
    beforeEvent?: (lateness: readonly number[]) => void;
    /** @default that of the injection's name */
    scenario?: Scenario;
}

/**
 * Carries out one injection on an instance, whatever becomes of it.
 * @throws TooBusy if `beforeEvent` does
 */
export async function inject(
    scheduled: ScheduledInjection,
    stage: InstanceStage,
    plan: ScenarioPlan,
    runId: string,
    { beforeEvent = () => {}, scenario = scenarioOf(scheduled.scenario) }: InjectOptions = {},
): Promise<Injection> {
    const startedAt = new Date().toISOString();
    const startMs = performance.now();
    const identity = {
        schemaVersion,
        runId,
        index: scheduled.index,
        scenario: scheduled.scenario,
        topology: scheduled.topology,
        startedAt,
    } as const;
    let outcome: InjectionOutcome;
    try {
        await stage.restore();
        await configure(stage, scenario, plan);
        outcome =
            scenario.pairs === undefined
                ? await new OneInjection(scheduled, scenario, stage, plan, runId).run(beforeEvent)
                : await measureDensity(scheduled, scenario.pairs, stage, plan, runId);
    } catch (error) {
        stage.signal.throwIfAborted();
        if (error instanceof TooBusy) throw error;
        const state = error instanceof Impossible ? "skipped" : "void";
        const none = { watchedSeconds: 0, uncertaintySeconds: 0, events: [], flows: [] };
        outcome = { state, reason: reasonOf(error), ...none };
    }
    return { ...identity, seconds: (performance.now() - startMs) / 1000, ...outcome };
}

/** Sets how the Pods are kept running, if some scenario of the run changes that. */
async function configure(
    stage: InstanceStage,
    { availability = hurtAvailability, rollsInitiator }: Scenario,
    plan: ScenarioPlan,
) {
    const all = plan.names.map(scenarioOf);
    if (all.some((one) => one.availability)) await stage.configure(availability);
    // Otherwise nothing disturbs the initiator of a pair.
    if (stage.instance.topology === "network" && all.some((one) => one.rollsInitiator))
        await stage.configure(rollsInitiator ? availability : {}, "initiator");
}

/** The state of an injection while it goes on. Times are in seconds since 1970, by the driver's clock if not said otherwise. */
class OneInjection {
    readonly #scheduled: ScheduledInjection;
    readonly #scenario: Scenario;
    readonly #stage: InstanceStage;
    readonly #plan: ScenarioPlan;
    readonly #schedule: Schedule;
    readonly #timetable: Timetable;
    /** From the first message to the event. */
    readonly #eventSeconds: number;
    /** What an autoscaler does, if there is one. */
    readonly #autoscaling: Autoscaling | undefined;
    readonly #logs: FlowLog[];
    readonly #ledgers = new Ledgers();
    readonly #counted: Counted;
    #ledgersReadAt = 0;
    /** How far the initiator's clock is ahead of the driver's, and by how much that may be wrong. */
    #offset = 0;
    #uncertainty = 0;

    constructor(
        scheduled: ScheduledInjection,
        scenario: Scenario,
        stage: InstanceStage,
        plan: ScenarioPlan,
        runId: string,
    ) {
        this.#scheduled = scheduled;
        this.#scenario = scenario;
        this.#stage = stage;
        this.#plan = plan;
        const { ratePerSecond, payloadBytes, deadlineSeconds } = plan;
        const { uploadUrl } = stage.instance;
        const { surge, phaseSeconds, watchSeconds } = scenario;
        const before = surge ? surge.higherSeconds + surge.usualSeconds + surge.knownSeconds : baselineSeconds;
        this.#eventSeconds = warmUpSeconds + before + scheduled.phase * phaseSeconds;
        this.#autoscaling = surge && new Autoscaling(stage, surge);
        this.#timetable = surge ? surging(surge, ratePerSecond, this.#eventSeconds) : { ratePerSecond };
        this.#schedule = {
            injection: `${runId}-${scheduled.index}`,
            slots: Math.ceil(slotsIn(this.#timetable, this.#eventSeconds + watchSeconds + spareSeconds)),
            ...{ ...this.#timetable, payloadBytes, deadlineSeconds, volume: volumeOf(scenario.name) },
            ...(uploadUrl !== undefined && { uploadUrl }),
        };
        this.#logs = flowsOf(scheduled.topology).map((flow) => new FlowLog(flow));
        this.#counted = new Counted(scenario, stage, { ...this.#timetable, deadlineSeconds }, this.#ledgers);
    }

    async run(beforeEvent: (lateness: readonly number[]) => void): Promise<InjectionOutcome> {
        try {
            return await this.#run(beforeEvent);
        } finally {
            await this.#autoscaling?.end().catch(() => this.#stage.signal.throwIfAborted());
        }
    }

    async #run(beforeEvent: (lateness: readonly number[]) => void): Promise<InjectionOutcome> {
        const { startsEmpty = false } = this.#scenario;
        const stage = this.#stage;
        let start: number;
        if (startsEmpty) {
            start = now() + leadSeconds;
            await stage.write({ ...this.#schedule, startEpochSeconds: start });
            await stage.wait(start - now());
        } else {
            await stage.write(this.#schedule);
            await stage.start(this.#scenario.replicas?.before);
            await this.#autoscaling?.begin();
            start = await this.#beginLoad();
            await this.#autoscaling?.calibrate(start + warmUpSeconds);
            await stage.wait(start + this.#eventSeconds - now());
            this.#autoscaling?.check();
            await this.#read();
            beforeEvent(this.#lateness());
            await stage.meet();
            // An initiator that dies at once takes what it has not reported with it.
            await this.#read(true);
        }
        // A surge is part of the schedule.
        const zero = startsEmpty ? start : this.#autoscaling === undefined ? now() : start + this.#eventSeconds;
        const event = this.#event();
        const end = await this.#watch(start, zero, event);
        const proof = await event.proof;
        if (startsEmpty) {
            // Its schedule was made before there was a clock to read.
            await this.#readClock();
            start -= this.#offset;
        }
        const slots = await this.#endLoad(start, end);
        const records = await this.#records({ start, zero, slots });
        const arrivals = (flow: string) => this.#counted.arrivals(flow, { start, zero, slots });
        const elasticity = this.#autoscaling?.record(zero, new Map(this.#flows.map((flow) => [flow, arrivals(flow)])));
        const first = this.#reaction(zero);
        const cores = this.#logs[0]?.processes === 1 ? this.#logs[0].cpuSeconds / (end - start) : undefined;
        return {
            state: "ok",
            ...(this.#scheduled.scenario !== sham && { proof }),
            watchedSeconds: end - zero,
            ...(first !== undefined && { reactionSeconds: first }),
            uncertaintySeconds: this.#uncertainty,
            ...(cores !== undefined && { initiatorCores: cores }),
            events: stage.seen
                .map(({ atSeconds, what }) => ({ atSeconds: toMilliseconds(atSeconds - zero), what }))
                .filter(({ atSeconds }) => atSeconds >= -0.5),
            ...records,
            ...(elasticity && { elasticity }),
        };
    }

    /** How late messages were offered since the warm-up; seconds. */
    #lateness(): number[] {
        const from = Math.ceil(slotsIn(this.#timetable, warmUpSeconds));
        return this.#logs.flatMap((log) => log.latenessFrom(from));
    }

    /** @returns when the first message is due */
    async #beginLoad(): Promise<number> {
        await this.#readClock();
        const start = now() + leadSeconds;
        const schedule = { ...this.#schedule, startEpochSeconds: start + this.#offset };
        await Promise.all(
            this.#stage
                .live("initiator")
                .map((pod) => this.#stage.agent("initiator", "PUT", "/scenario/load", schedule, pod)),
        );
        await this.#stage.write(schedule);
        return start;
    }

    /** The reading with the shortest round trip of five counts (Cristian). */
    async #readClock(): Promise<void> {
        this.#uncertainty = Number.POSITIVE_INFINITY;
        for (let reading = 0; reading < 5; reading++) {
            const before = now();
            const { epochSeconds } = await this.#stage.agent<ClockReading>("initiator", "GET", "/scenario/clock");
            const after = now();
            if ((after - before) / 2 >= this.#uncertainty) continue;
            this.#uncertainty = (after - before) / 2;
            this.#offset = epochSeconds - (before + after) / 2;
        }
    }

    /** Begins the event. Its failure is reported when it is asked for its proof. */
    #event(): { proof: Promise<string>; isOver: () => boolean } {
        let isOver = false;
        const proof = this.#scenario.inject(this.#stage).finally(() => {
            isOver = true;
        });
        proof.catch(() => {});
        return { proof, isOver: () => isOver };
    }

    /** Watches until all flows have recovered, or for as long as the scenario says. @returns when it ended */
    async #watch(
        start: number,
        zero: number,
        event: { isOver: () => boolean; proof: Promise<string> },
    ): Promise<number> {
        const { watchSeconds } = this.#scenario;
        for (;;) {
            const isSteady = event.isOver() || this.#autoscaling !== undefined;
            const isCalm = isSteady && now() - zero > livelySeconds;
            await this.#stage.wait(isCalm ? calmPollSeconds : pollSeconds);
            await this.#read();
            if (!event.isOver()) continue;
            await event.proof; // ends the injection if it failed
            if (now() - zero >= watchSeconds) return now();
            if (isCalm && this.#hasRecovered(start, zero)) return now();
        }
    }

    /** Whether every flow has been as before for 30 s; messages that are not yet late don't count. */
    #hasRecovered(start: number, zero: number): boolean {
        const slots = Math.floor(slotsIn(this.#timetable, now() - this.#plan.deadlineSeconds - start));
        return this.#logs.every((log) => hasRecovered(...this.#counted.loads(log, { start, zero, slots }, false)));
    }

    /** The initiator may be gone for a while. @param isLast whether a Pod may be gone right after this */
    async #read(isLast = false): Promise<void> {
        const stage = this.#stage;
        const mayBeGone = () => stage.signal.throwIfAborted();
        const ledgers = async () => {
            if (this.#scenario.replicas === undefined) return;
            const ending = stage.pods("responder").filter(({ isEnding }) => isEnding);
            this.#ledgers.glance(stage, this.#flows, ending);
            const every = this.#autoscaling === undefined ? ledgerSeconds : rareLedgerSeconds;
            if (!isLast && now() - this.#ledgersReadAt < every) return;
            this.#ledgersReadAt = now();
            await this.#ledgers.read(stage, this.#flows);
        };
        const reads = [...this.#logs.map((log) => log.read(stage)), ledgers()];
        await Promise.all(reads.map((read) => read.catch(mayBeGone)));
        await this.#autoscaling?.read();
    }

    /** Ends the load, and waits for the messages that are under way. @returns how many slots each flow had */
    async #endLoad(start: number, end: number): Promise<number> {
        const until = now() + drainSeconds;
        const stop = (pod: PodView) =>
            this.#stage.agent("initiator", "POST", "/scenario/stop", undefined, pod).catch(() => {});
        await Promise.all(this.#stage.live("initiator").map(stop));
        for (;;) {
            await this.#read();
            if (this.#logs.every(({ isDone }) => isDone) || now() > until) break;
            await this.#stage.wait(pollSeconds);
        }
        const due = Math.floor(slotsIn(this.#timetable, end - start));
        // A live initiator may have offered a few more; a dead one has not offered what was due.
        return Math.min(this.#schedule.slots, Math.max(due, ...this.#logs.map(({ next }) => next)));
    }

    async #records(course: Course): Promise<Pick<Injection, "flows" | "shares">> {
        await this.#ledgers.read(this.#stage, this.#flows).catch((error: unknown) => {
            throw new NotInjected(`the responder's ledger can't be read: ${reasonOf(error)}`);
        });
        return {
            flows: this.#logs.map((log) => flowRecordOf(...this.#counted.loads(log, course, true))),
            ...(this.#scenario.replicas && { shares: this.#flows.map((flow) => this.#counted.shares(flow, course)) }),
        };
    }

    get #flows(): string[] {
        return this.#logs.map(({ flow }) => flow);
    }

    /** The first change of a Pod after the event. */
    #reaction(zero: number): number | undefined {
        const first = this.#stage.seen.find(({ atSeconds, isReaction }) => atSeconds >= zero && isReaction);
        return first === undefined ? undefined : toMilliseconds(first.atSeconds - zero);
    }
}

/** The rate of other scenarios, which falls to the usual one until the event, and for good some time after it. */
function surging({ factor, seconds, higherSeconds }: Surge, most: number, eventSeconds: number): Timetable {
    const usual = most / factor;
    return {
        ratePerSecond: most,
        steps: [
            { fromSeconds: warmUpSeconds + higherSeconds, ratePerSecond: usual },
            { fromSeconds: eventSeconds, ratePerSecond: most },
            { fromSeconds: eventSeconds + seconds, ratePerSecond: usual },
        ],
    };
}
