import type { Entry } from "../model/ledger.ts";
import { type Outcome, outcomes } from "../model/outcomes.ts";
import { type Bins, binSeconds, type FlowRecord } from "../model/scenarios.ts";
import { countsOf, disruptionOf, type Slot } from "./injection.ts";
import { outcomeOf, type Sent } from "./outcome.ts";
import { dueOf, type RateStep, slotsIn } from "./timetable.ts";

/** What both ends know of a message. */
export interface Message {
    sent: Sent;
    /** From when it was due to its first attempt, in seconds; absent if the initiator died before it said so. */
    lateness?: number;
    /** The responder's entry; undefined if its ledger is gone. */
    received: Entry | undefined;
}

/** One load of a flow of an injection. */
export interface FlowMessages {
    flow: string;
    /** That of the first message. */
    ratePerSecond: number;
    /** Other rates from some seconds after the injection on. @default none */
    steps?: readonly RateStep[];
    deadlineSeconds: number;
    /** When the first message was due, relative to the injection; seconds. */
    fromSeconds: number;
    /** One per slot. */
    messages: readonly Message[];
}

/**
 * The loads of a flow: one, or one for each pair that has its own. They are due at the same times, but may begin and end at
 * others.
 */
export type Loads = readonly [FlowMessages, ...FlowMessages[]];

/** What became of each slot: one message of each load that has one then. What no load has, nobody offered. */
function slotsOf(loads: Loads): Slot[][] {
    const [{ ratePerSecond, steps, deadlineSeconds }] = loads;
    const first = Math.min(...loads.map(({ fromSeconds }) => fromSeconds));
    const sinceFirst = steps?.map((step) => ({ ...step, fromSeconds: step.fromSeconds - first }));
    const timetable = { ratePerSecond, ...(sinceFirst && { steps: sinceFirst }) };
    const slots: Slot[][] = [];
    for (const { fromSeconds, messages } of loads) {
        const offset = Math.round(slotsIn(timetable, fromSeconds - first));
        for (const [index, { sent, received }] of messages.entries()) {
            slots[offset + index] ??= [];
            slots[offset + index]?.push({
                at: first + dueOf(timetable, offset + index),
                outcome: outcomeOf(sent, received?.received, deadlineSeconds),
                ...(sent.kind === "acknowledged" && { seconds: sent.seconds }),
            });
        }
    }
    return Array.from(
        slots,
        (ofSlot, index) => ofSlot ?? [{ at: first + dueOf(timetable, index), outcome: "not-offered" }],
    );
}

/** Several loads as one: a slot is as bad as the worst, and its latency the median. */
function asOne(ofSlot: readonly Slot[]): Slot {
    const worst = ofSlot.reduce((one, other) => (badness(other) > badness(one) ? other : one));
    const seconds = rank(
        ofSlot.flatMap((slot) => slot.seconds ?? []).sort((a, b) => a - b),
        0.5,
    );
    return { at: worst.at, outcome: worst.outcome, ...(seconds !== undefined && { seconds }) };
}

function badness({ outcome }: Slot): number {
    return outcomes.indexOf(outcome);
}

/** Whether service is as before the injection, as far as messages show. */
export function hasRecovered(...loads: Loads): boolean {
    const [{ ratePerSecond, deadlineSeconds }] = loads;
    return disruptionOf(slotsOf(loads).map(asOne), ratePerSecond, deadlineSeconds).recoverySeconds !== undefined;
}

/** What became of a flow, as the journal holds it: durations of all loads as one, messages of each. */
export function flowRecordOf(...loads: Loads): FlowRecord {
    const [{ flow, ratePerSecond, deadlineSeconds }] = loads;
    const messages = loads.flatMap((load) => load.messages);
    const each = slotsOf(loads);
    const slots = each.flat();
    const { detectionSeconds, ...disruption } = disruptionOf(each.map(asOne), ratePerSecond, deadlineSeconds);
    const entries = messages.flatMap(({ received }) => received ?? []);
    return {
        flow,
        slots: slots.length,
        duplicated: entries.filter(({ received }) => received > 1).length,
        corrupt: entries.filter(({ corrupt }) => corrupt).length,
        outOfOrder: entries.filter(({ outOfOrder }) => outOfOrder).length,
        ...(detectionSeconds !== undefined && { firstBadSeconds: detectionSeconds }),
        ...disruption,
        outcomes: countsOf(slots),
        lateness: latenessOf(messages),
        bins: binsOf(slots),
    };
}

function latenessOf(messages: readonly Message[]): FlowRecord["lateness"] {
    const sorted = messages.flatMap(({ lateness }) => lateness ?? []).sort((a, b) => a - b);
    return { p50Seconds: rank(sorted, 0.5) ?? 0, p99Seconds: rank(sorted, 0.99) ?? 0, maxSeconds: sorted.at(-1) ?? 0 };
}

/** Slots in bins of 100 ms that begin at multiples of it. @param slots ascending, at least one */
export function binsOf(slots: readonly Slot[]): Bins {
    const first = binOf(slots[0] as Slot);
    const count = binOf(slots.at(-1) as Slot) - first + 1;
    const counts: Partial<Record<Outcome, number[]>> = {};
    const seconds = Array.from({ length: count }, (): number[] => []);
    for (const slot of slots) {
        const bin = binOf(slot) - first;
        counts[slot.outcome] ??= Array<number>(count).fill(0);
        const column = counts[slot.outcome] as number[];
        column[bin] = (column[bin] as number) + 1;
        if (slot.seconds !== undefined) (seconds[bin] as number[]).push(slot.seconds);
    }
    for (const ofBin of seconds) ofBin.sort((a, b) => a - b);
    const microseconds = (share: number) =>
        seconds.map((ofBin) => {
            const value = rank(ofBin, share);
            return value === undefined ? null : Math.round(1e6 * value);
        });
    return {
        fromSeconds: Math.round(first * binSeconds * 10) / 10,
        outcomes: Object.fromEntries(
            outcomes.flatMap((outcome) => (counts[outcome] ? [[outcome, counts[outcome]]] : [])),
        ),
        p50Microseconds: microseconds(0.5),
        p99Microseconds: microseconds(0.99),
        maxMicroseconds: microseconds(1),
    };
}

function binOf({ at }: Slot): number {
    return Math.floor(at / binSeconds + 1e-6);
}

/** Nearest-rank quantile; undefined of none. @param sorted ascending */
export function rank(sorted: readonly number[], share: number): number | undefined {
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
