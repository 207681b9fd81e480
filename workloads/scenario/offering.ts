import type { Volume } from "../../model/arms.ts";
import { type Flow, flowsOf } from "../../model/scenarios.ts";
import { slotsIn } from "../../statistics/timetable.ts";
import { monotonicClock } from "../clock.ts";
import { type Ended, endings, type Records, type Load as Schedule } from "./api.ts";
import type { Channel } from "./channel.ts";
import { epochSeconds } from "./epoch.ts";
import { FileCourier } from "./file-courier.ts";
import { enterInjection, flowFolders } from "./folders.ts";
import { HttpCourier } from "./http-courier.ts";
import { type Delivery, Load } from "./load.ts";

/** An attempt in the volume lasts as long as a message can: the file is there until somebody takes it. */
const wholeSeconds = 30;

/** The messages of an injection: all flows of a topology, at once. */
export class Offering {
    readonly injection: string;
    /** Resolves once messages are offered. Rejects if they can't be carried at all, e.g. without the volume. */
    readonly opened: Promise<void>;
    readonly #schedule: Schedule;
    readonly #flows: Map<Flow, Load<Channel>>;
    #cpu = process.cpuUsage();

    constructor(topology: "network" | "volume", schedule: Schedule, volumes: Record<Volume, string>) {
        this.injection = schedule.injection;
        this.#schedule = schedule;
        const volume = volumes[schedule.volume];
        const offered = topology === "network" ? overHttp : (flow: Flow) => inFiles(flow, schedule, volume);
        this.#flows = new Map(flowsOf(topology).map((flow) => [flow, offered(flow, schedule)]));
        this.opened = this.#open(topology === "volume" ? volume : undefined);
    }

    /** Whether the end of every message is known. */
    get isDone(): boolean {
        return [...this.#flows.values()].every(({ isDone }) => isDone);
    }

    /** Offers no further slot. */
    stop(): void {
        for (const load of this.#flows.values()) load.stop();
    }

    /** Messages of a flow that have ended, without the first `after`; undefined if there is no such flow. */
    records(flow: Flow, after: number, most: number): Omit<Records, "bootId"> | undefined {
        const load = this.#flows.get(flow);
        if (load === undefined) return undefined;
        const { user, system } = process.cpuUsage(this.#cpu);
        return {
            injection: this.injection,
            ...load.offered,
            isDone: load.isDone,
            cpuSeconds: (user + system) / 1e6,
            ended: Array.from(load.ended(after, most), (sequence) => recordOf(load, sequence)),
        };
    }

    /** Ends what carries messages; those under way never end. */
    async close(): Promise<void> {
        this.stop();
        await this.opened.catch(() => {});
        for (const { courier } of this.#flows.values()) await courier.close();
    }

    /** The first slot is the first that is not past: earlier ones had no initiator. */
    async #open(volume: string | undefined): Promise<void> {
        if (volume !== undefined) enterInjection(volume, this.injection);
        for (const { courier } of this.#flows.values()) await courier.open();
        const { startEpochSeconds } = this.#schedule;
        const now = epochSeconds();
        const startNs = monotonicClock() + (startEpochSeconds - now) * 1e9;
        const from = Math.max(0, Math.ceil(slotsIn(this.#schedule, now - startEpochSeconds)));
        this.#cpu = process.cpuUsage();
        for (const load of this.#flows.values()) void load.run(startNs, from);
    }
}

function overHttp(flow: Flow, schedule: Schedule): Load<Channel> {
    const { uploadUrl, payloadBytes, deadlineSeconds, slots } = schedule;
    if (uploadUrl === undefined) throw new Error("the sender needs uploadUrl");
    const http = {
        url: new URL(`${uploadUrl.replace(/\/$/, "")}/${flow}`),
        ...{ payloadBytes, slots, connectSeconds: deadlineSeconds, isFresh: flow === "once-fresh" },
    };
    return offeredBy((load) => new HttpCourier(http, load), flow, schedule, deadlineSeconds);
}

function inFiles(flow: Flow, schedule: Schedule, volume: string): Load<Channel> {
    const { payloadBytes, deadlineSeconds } = schedule;
    const retries = deliveryOf(flow) === "retry";
    const folders = flowFolders(volume, flow);
    return offeredBy(
        (load) => new FileCourier(folders, payloadBytes, retries, load),
        ...([flow, schedule, retries ? wholeSeconds : deadlineSeconds] as const),
    );
}

function offeredBy(
    channelOf: (load: Load) => Channel,
    flow: Flow,
    { ratePerSecond, steps, slots }: Schedule,
    attemptSeconds: number,
): Load<Channel> {
    const rate = { ratePerSecond, ...(steps && { steps }) };
    const settings = { ...rate, slots, delivery: deliveryOf(flow), attemptSeconds };
    return new Load(settings, channelOf, monotonicClock, (ms, then) => setTimeout(then, ms));
}

function deliveryOf(flow: Flow): Delivery {
    return flow.startsWith("retry") ? "retry" : "once";
}

function recordOf(load: Load, sequence: number): Ended {
    const sent = load.sent(sequence);
    return [
        sequence,
        endings[sent.kind as keyof typeof endings],
        sent.kind === "acknowledged" ? Math.round(sent.seconds * 1e6) : 0,
        Math.round((load.lateness[sequence] as number) * 1e6),
        load.attempts(sequence),
    ];
}
