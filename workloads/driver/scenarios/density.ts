/** The injections of `density`: several pairs of a topology at once, one number of pairs after the other. */
import type { DensityRecord, DensityStep } from "../../../model/density.ts";
import { type Flow, flows, type InjectionOutcome, type ScenarioPlan } from "../../../model/scenarios.ts";
import { rank } from "../../../statistics/flow.ts";
import type { ScheduledInjection } from "../../../statistics/injection-schedule.ts";
import { finite } from "../../../statistics/outage-verdict.ts";
import { type Random, seededRandom, shuffled } from "../../../statistics/random.ts";
import { type End, Impossible, type PodView } from "../../injections/scenario.ts";
import { type ClockReading, endings, type Records, type Schedule, type Usage } from "../../scenario/api.ts";
import type { InstanceStage } from "./stage.ts";
import { usedBetween } from "./usage.ts";

/** In seconds. */
export interface DensityTimes {
    /** Between the decision and the first message. */
    lead: number;
    /** Traffic that does not count, until programs and connections are warm; then what is measured. */
    warmUp: number;
    window: number;
    /** How long Pods may take to be ready, and how long it may seem that they never will be. */
    ready: number;
    patience: number;
}
const usualTimes: DensityTimes = { lead: 0.5, warmUp: 3, window: 8, ready: 90, patience: 8 };
const pollSeconds = 0.25;
/** Those that both topologies have: the same work in both. */
const measured = (Object.keys(flows) as Flow[]).filter((flow) => flows[flow].length > 1);

/**
 * Measures each number of pairs once, in random order, with fresh Pods each time. One that does not fit is left out.
 * @param stage without any Pod
 * @throws Impossible if none fits
 */
export async function measureDensity(
    { index, phase }: ScheduledInjection,
    numbers: readonly number[],
    stage: InstanceStage,
    plan: ScenarioPlan,
    runId: string,
    times: DensityTimes = usualTimes,
): Promise<InjectionOutcome> {
    const { ratePerSecond, payloadBytes, deadlineSeconds } = plan;
    const { uploadUrl } = stage.instance;
    const schedule: Schedule = {
        injection: `${runId}-${index}`,
        slots: Math.ceil((times.warmUp + times.window) * ratePerSecond),
        ...{ ratePerSecond, payloadBytes, deadlineSeconds, volume: "main" },
        ...(uploadUrl !== undefined && { uploadUrl }),
    };
    await stage.write(schedule);
    const random = seededRandom(Math.floor(phase * 2 ** 32));
    const density: DensityRecord = { steps: [], unfit: [] };
    for (const pairs of shuffled(numbers, random)) {
        const reason = await startPairs(stage, pairs, times);
        if (reason === undefined) density.steps.push(await measureStep(stage, schedule, times, random));
        else density.unfit.push({ pairs, reason });
        await stage.restore();
    }
    if (density.steps.length === 0) throw new Impossible(density.unfit[0]?.reason ?? "no number of pairs is asked for");
    const served = density.steps.map(({ pairs }) => pairs).sort((one, other) => one - other);
    return {
        ...{ state: "ok", proof: `pairs that served at once: ${served.join(", ")}` },
        ...{ watchedSeconds: times.window * served.length, uncertaintySeconds: 0, events: [], flows: [], density },
    };
}

/** @returns why they can't all run; undefined if they do */
async function startPairs(
    stage: InstanceStage,
    pairs: number,
    { ready: readySeconds, patience }: DensityTimes,
): Promise<string | undefined> {
    const wanted = pairs * stage.instance.deployments.length;
    await stage.scale(pairs, pairs);
    const began = performance.now();
    const spent = (since: number) => (performance.now() - since) / 1000;
    for (let short: number | undefined; ; await stage.wait(pollSeconds)) {
        const ready = podsOf(stage).filter(({ isReady }) => isReady);
        if (ready.length === wanted) break;
        const shortage = await stage.shortage(wanted);
        short = shortage === undefined ? undefined : (short ?? performance.now());
        const so = `${ready.length} of ${wanted} Pods run`;
        if (short !== undefined && spent(short) > patience) return `${so}: ${shortage}`;
        if (spent(began) > readySeconds) return `${so}: the others were not ready within ${readySeconds} s`;
    }
    await Promise.all(agentsOf(stage).map(([end, pod]) => stage.untilReached(end, pod)));
    return undefined;
}

/** Puts every pair under load, each with a schedule of its own, and reads what they and their machines use meanwhile. */
async function measureStep(
    stage: InstanceStage,
    schedule: Schedule,
    { lead, warmUp, window }: DensityTimes,
    random: Random,
): Promise<DensityStep> {
    const { ratePerSecond, deadlineSeconds, slots } = schedule;
    const initiators = stage.pods("initiator");
    const ask = <T>(end: End, path: string, pod: PodView) => stage.agent<T>(end, "GET", path, undefined, pod);
    const offer = async (pod: PodView, phase: number) => {
        const { epochSeconds } = await ask<ClockReading>("initiator", "/scenario/clock", pod);
        // At a random moment of the time between two messages: users that know nothing of each other are not due at once.
        const startEpochSeconds = epochSeconds + lead + phase / ratePerSecond;
        await stage.agent("initiator", "PUT", "/scenario/load", { ...schedule, startEpochSeconds }, pod);
    };
    await Promise.all(initiators.map((pod) => offer(pod, random())));
    await stage.wait(lead + warmUp);
    const usage = () => Promise.all(agentsOf(stage).map(([end, pod]) => ask<Usage>(end, "/scenario/usage", pod)));
    const before = await usage();
    const since = performance.now();
    await stage.wait(window);
    const seconds = (performance.now() - since) / 1000;
    const after = await usage();
    await stage.wait(lead + deadlineSeconds); // for messages under way
    const first = Math.ceil(warmUp * ratePerSecond);
    const latencies = await Promise.all(
        initiators.map(async (pod) => {
            const records = measured.map((flow) => ask<Records>("initiator", `/scenario/records?flow=${flow}`, pod));
            return (await Promise.all(records)).flatMap((one) => latenciesOf(one, first, slots));
        }),
    );
    const all = latencies.flat();
    const pods = podsOf(stage);
    return {
        ...{ pairs: initiators.length, pods: pods.length, addresses: new Set(pods.map(({ ip }) => ip)).size },
        ...usedBetween(before, after, seconds),
        ...{ messages: all.length, unacknowledged: all.filter((one) => one === Number.POSITIVE_INFINITY).length },
        latencies: latencies.map((ofPair) => {
            const sorted = ofPair.sort((one, other) => one - other);
            const at = (share: number) => finite(rank(sorted, share) ?? Number.POSITIVE_INFINITY);
            return { p50Seconds: at(0.5), p99Seconds: at(0.99) };
        }),
    };
}

/** Latency of each message that was due, in seconds; `Infinity` for one that was not acknowledged. */
function latenciesOf({ ended }: Records, first: number, slots: number): number[] {
    const acknowledged = ended.filter(([, ending]) => ending === endings.acknowledged);
    const seconds = new Map(acknowledged.map(([sequence, , microseconds]) => [sequence, microseconds / 1e6]));
    return Array.from({ length: slots - first }, (_, at) => seconds.get(first + at) ?? Number.POSITIVE_INFINITY);
}

/** Each once: in a Pod that shares a volume both ends are the same. */
function podsOf(stage: InstanceStage): PodView[] {
    const pods = agentsOf(stage).map(([, pod]) => pod);
    return [...new Map(pods.map((pod) => [pod.uid, pod])).values()];
}

/** Every container, as the end that it is and its Pod. */
function agentsOf(stage: InstanceStage): [End, PodView][] {
    return (["initiator", "responder"] as const).flatMap((end) =>
        stage.pods(end).map((pod): [End, PodView] => [end, pod]),
    );
}
