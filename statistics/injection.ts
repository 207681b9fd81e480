import { type Outcome, outcomes } from "../model/outcomes.ts";

/** A slot of the load. Times in seconds; 0 is the injection. */
export interface Slot {
    /** When it was due. */
    at: number;
    outcome: Outcome;
    /** From when it was due to its acknowledgement; absent without one. */
    seconds?: number;
}

/** What an injection did to the traffic. Durations in seconds. */
export interface Disruption {
    /** Slots by outcome; they sum to the slots. */
    outcomes: Record<Outcome, number>;
    /** From the injection to the first slot after it that was not on time; absent if all were. */
    detectionSeconds?: number;
    /** The longest time without service, see {@link outagesOf}; 0 if every slot was on time. */
    outageSeconds: number;
    /** The time of all slots that were not on time. */
    badSeconds: number;
    /** From the injection until service was as before, see {@link recoveryOf}; absent if that was not seen. */
    recoverySeconds?: number;
}

/** Gaps between bad slots that don't end an outage, in seconds. */
const mergedGap = 1;
/** How long service must be as before, in seconds. */
const heldSeconds = 30;
/** The same: largest ratio of the median to the baseline, and least share of slots on time. */
const [slowest, leastOnTime] = [1.1, 0.999];

/**
 * What an injection did.
 * @param slots all of them, ascending, at a constant rate, from before the injection
 * @param ratePerSecond slots per second
 * @param deadlineSeconds of a message; the baseline if nothing arrived before the injection
 */
export function disruptionOf(slots: readonly Slot[], ratePerSecond: number, deadlineSeconds: number): Disruption {
    const after = slots.filter(({ at }) => at >= 0);
    const first = after.find(isBad);
    const outages = outagesOf(after, ratePerSecond);
    const before = slots.flatMap(({ at, seconds }) => (at < 0 && seconds !== undefined ? seconds : []));
    const baseline = before.sort((a, b) => a - b)[before.length >> 1] ?? deadlineSeconds;
    const recovery = recoveryOf(after, ratePerSecond, baseline);
    return {
        outcomes: countsOf(slots),
        ...(first && { detectionSeconds: first.at }),
        outageSeconds: Math.max(0, ...outages.map(({ seconds }) => seconds)),
        badSeconds: after.filter(isBad).length / ratePerSecond,
        ...(recovery !== undefined && { recoverySeconds: recovery }),
    };
}

/** Slots by outcome. */
export function countsOf(slots: readonly Slot[]): Record<Outcome, number> {
    const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
    for (const { outcome } of slots) counts[outcome] += 1;
    return counts;
}

/**
 * The times without service: from a bad slot to the end of the last bad slot that follows it without a gap of a second, in
 * which slots are on time. So single late messages long after a recovery don't lengthen an outage.
 */
export function outagesOf(slots: readonly Slot[], ratePerSecond: number): { at: number; seconds: number }[] {
    const found: { at: number; seconds: number }[] = [];
    for (const { at } of slots.filter(isBad)) {
        const last = found.at(-1);
        if (last !== undefined && at - (last.at + last.seconds) < mergedGap)
            last.seconds = at + 1 / ratePerSecond - last.at;
        else found.push({ at, seconds: 1 / ratePerSecond });
    }
    return found;
}

/**
 * When service was as before: the first slot on time that begins 30 s in which at least 99.9% of the slots are on time, and
 * the median is at most 10% above the baseline.
 * @param baseline median before the injection, in seconds
 * @returns seconds after the injection; undefined if there is none, so that recovery takes longer than was watched
 */
export function recoveryOf(slots: readonly Slot[], ratePerSecond: number, baseline: number): number | undefined {
    const held = Math.round(heldSeconds * ratePerSecond);
    const onTime = sumsOf(slots, (slot) => !isBad(slot));
    const fast = sumsOf(slots, ({ seconds = Number.POSITIVE_INFINITY }) => seconds <= slowest * baseline);
    const within = (sums: Uint32Array, from: number) => (sums[from + held] as number) - (sums[from] as number);
    return slots.find(
        (slot, from) =>
            !isBad(slot) &&
            from + held <= slots.length &&
            within(onTime, from) >= leastOnTime * held &&
            within(fast, from) >= held / 2,
    )?.at;
}

/** For each slot, how many before it hold this, and in the end how many do. */
function sumsOf(slots: readonly Slot[], holds: (slot: Slot) => boolean): Uint32Array {
    const sums = new Uint32Array(slots.length + 1);
    for (const [index, slot] of slots.entries()) sums[index + 1] = (sums[index] as number) + (holds(slot) ? 1 : 0);
    return sums;
}

function isBad({ outcome }: Slot): boolean {
    return outcome !== "on-time";
}
