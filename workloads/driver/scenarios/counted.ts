import type { FlowShares } from "../../../model/shares.ts";
import type { FlowMessages, Loads, Message } from "../../../statistics/flow.ts";
import { sharesOf } from "../../../statistics/shares.ts";
import { dueOf, slotsIn, type Timetable } from "../../../statistics/timetable.ts";
import type { Scenario } from "../../injections/scenario.ts";
import type { Ledgers } from "./ledgers.ts";
import type { FlowLog } from "./offered.ts";
import type { InstanceStage } from "./stage.ts";

/** Traffic until programs, connections and routes are warm, which does not count; seconds. */
export const warmUpSeconds = 3;

/** When the first message was due, and when the event came; seconds since 1970 by the driver's clock. Slots of each flow. */
export interface Course {
    start: number;
    zero: number;
    slots: number;
}

/** What is known of the messages of an injection that count: those after the warm-up. */
export class Counted {
    readonly #scenario: Scenario;
    readonly #stage: InstanceStage;
    readonly #load: Timetable & { deadlineSeconds: number };
    readonly #ledgers: Ledgers;
    /** Messages of each flow that don't count. */
    readonly #warmUp: number;

    constructor(
        scenario: Scenario,
        stage: InstanceStage,
        load: Timetable & { deadlineSeconds: number },
        ledgers: Ledgers,
    ) {
        this.#scenario = scenario;
        this.#stage = stage;
        this.#load = load;
        this.#ledgers = ledgers;
        this.#warmUp = scenario.startsEmpty ? 0 : Math.ceil(slotsIn(load, warmUpSeconds));
    }

    /** The loads of a flow. @param hasLedgers whether the ledgers were read after the last message */
    loads(log: FlowLog, course: Course, hasLedgers: boolean): Loads {
        const known = (ledger: Uint8Array, knowsAll: boolean) => (sequence: number) =>
            hasLedgers ? ledger[sequence] || (knowsAll ? 0 : undefined) : undefined;
        const loadOf = (first: number, messages: readonly Message[]): FlowMessages => {
            const { steps, ...load } = this.#load;
            const from = Math.max(first, this.#warmUp);
            const lead = course.start - course.zero;
            return {
                ...{ flow: log.flow, ...load, fromSeconds: lead + dueOf(this.#load, from) },
                ...(steps && { steps: steps.map((step) => ({ ...step, fromSeconds: step.fromSeconds + lead })) }),
                messages: messages.slice(from),
            };
        };
        const [first, ...others] = this.#pairs(log, course)
            .map(({ uid, from, to, isLive }) =>
                loadOf(from, log.messages(to, known(this.#ledgers.of(log.flow, uid), isLive), uid)),
            )
            .filter(({ messages }) => messages.length > 0);
        if (first !== undefined) return [first, ...others];
        // The ledger of a new Pod knows nothing of what the old one received, unless it is on a volume that outlived it.
        const knowsAll = !this.#stage.hasLost("responder") || this.#scenario.volume === "claim";
        return [loadOf(0, log.messages(course.slots, known(this.#ledgers.merged(log.flow), knowsAll)))];
    }

    /**
     * Pairs of a shared volume that have a load of their own, each from when its Pod is ready, since nobody should offer anything
     * before, to the last message that it is known to have offered; that of a Pod that lives to the last slot, unless it was
     * stopped: Pods are not stopped at the same slot.
     */
    #pairs(log: FlowLog, { start, slots }: Course) {
        if (this.#stage.instance.topology !== "volume" || this.#scenario.replicas === undefined) return [];
        const live = new Set(this.#stage.live("initiator").map(({ uid }) => uid));
        return log.pods.map(({ uid, from, next, isDone }) => {
            const ready = slotsIn(this.#load, (this.#stage.replicas.get(uid)?.readySeconds ?? start) - start);
            const isLive = live.has(uid);
            const to = isLive && !isDone ? slots : Math.min(slots, next);
            return { uid, from: Math.max(from, Math.ceil(ready)), to, isLive };
        });
    }

    /** How the messages of a flow were shared among the responder's Pods. */
    shares(flow: string, { start, zero, slots }: Course): FlowShares {
        return sharesOf(
            { flow, ...this.#load, startSeconds: start - zero, from: this.#warmUp, to: slots },
            [...this.#stage.replicas].map(([uid, { readySeconds, endSeconds }]) => ({
                readySeconds: readySeconds - zero,
                ...(endSeconds !== undefined && { endSeconds: endSeconds - zero }),
                ledger: this.#ledgers.of(flow, uid),
            })),
        );
    }

    /** When each of the responder's Pods received messages of a flow, relative to the event. */
    arrivals(flow: string, { start, zero }: Course): number[][] {
        return [...this.#stage.replicas.keys()].map((uid) =>
            [...this.#ledgers.of(flow, uid)].flatMap((byte, sequence) =>
                byte === 0 ? [] : start - zero + dueOf(this.#load, sequence),
            ),
        );
    }
}
