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
    /** Median before the injection; absent if nothing arrived before it. */
    baselineSeconds?: number;
}

/** Gaps between bad slots that don't end an outage, in seconds. */
const mergedGap = 1;
/** The time before the injection that shows what is usual, in seconds; before that, programs and connections warm up. */
export const baselineSeconds = 5;
/** How long service must be as before, in seconds. */
const heldSeconds = 30;
/** What times may be wrong by, in seconds, since they are sums. */
const rounding = 1e-6;
/** The same: largest ratio of the median to the baseline, and least share of slots on time. */
const [slowest, leastOnTime] = [1.1, 0.999];

/**
 * What an injection did.
 * @param slots all of them, ascending, from before the injection; each lasts until the next one
 * @param ratePerSecond slots per second; only the last one's length follows from it
 * @param deadlineSeconds of a message; the usual latency if nothing arrived before the injection
 */
export function disruptionOf(slots: readonly Slot[], ratePerSecond: number, deadlineSeconds: number): Disruption {
    const after = slots.filter(({ at }) => at >= 0);
    const first = after.find(isBad);
    const outages = outagesOf(after, ratePerSecond);
    const before = slots.filter(({ at }) => at >= -baselineSeconds && at < 0);
    const baseline = medianOf(before);
    const recovery = recoveryOf(after, ratePerSecond, slowestSecondOf(before) ?? deadlineSeconds);
    return {
        outcomes: countsOf(slots),
        ...(first && { detectionSeconds: first.at }),
        outageSeconds: Math.max(0, ...outages.map(({ seconds }) => seconds)),
        badSeconds: badSecondsOf(after, ratePerSecond),
        ...(recovery !== undefined && { recoverySeconds: recovery }),
        ...(baseline !== undefined && { baselineSeconds: baseline }),
    };
}

/** Median latency of what was acknowledged. */
function medianOf(slots: readonly Slot[]): number | undefined {
    const sorted = slots.flatMap(({ seconds }) => seconds ?? []).sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
}

/**
 * The largest median of a second before the injection: what counts as service as usual. The median of all of them would be
 * exceeded by chance, and service would never be as before on an unsteady machine.
 */
function slowestSecondOf(before: readonly Slot[]): number | undefined {
    const seconds = Map.groupBy(before, ({ at }) => Math.floor(at));
    const medians = [...seconds.values()].flatMap((slots) => medianOf(slots) ?? []);
    return medians.length === 0 ? undefined : Math.max(...medians);
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
    for (const [index, slot] of slots.entries()) {
        if (!isBad(slot)) continue;
        const { at } = slot;
        const seconds = lengthOf(slots, index, ratePerSecond);
        const last = found.at(-1);
        if (last !== undefined && at - (last.at + last.seconds) < mergedGap) last.seconds = at + seconds - last.at;
        else found.push({ at, seconds });
    }
    return found;
}

/** Seconds of all slots that were not on time. */
function badSecondsOf(slots: readonly Slot[], ratePerSecond: number): number {
    return slots.reduce((sum, slot, index) => sum + (isBad(slot) ? lengthOf(slots, index, ratePerSecond) : 0), 0);
}

/** Seconds until the next slot is due. */
function lengthOf(slots: readonly Slot[], index: number, ratePerSecond: number): number {
    const next = slots[index + 1];
    return next === undefined ? 1 / ratePerSecond : next.at - (slots[index] as Slot).at;
}

/**
 * When service was as before: the first slot on time that begins 30 s in which at least 99.9% of the slots are on time, and
 * the median is at most 10% above the baseline.
 * @param baseline latency before the injection, in seconds
 * @returns seconds after the injection; undefined if there is none, so that recovery takes longer than was watched
 */
export function recoveryOf(slots: readonly Slot[], ratePerSecond: number, baseline: number): number | undefined {
    const ends = endsOf(slots, ratePerSecond);
    const onTime = sumsOf(slots, (slot) => !isBad(slot));
    const fast = sumsOf(slots, ({ seconds = Number.POSITIVE_INFINITY }) => seconds <= slowest * baseline);
    return slots.find((slot, from) => {
        const end = ends[from];
        if (isBad(slot) || end === undefined) return false;
        const within = (sums: Uint32Array) => (sums[end] as number) - (sums[from] as number);
        return within(onTime) >= leastOnTime * (end - from) && within(fast) >= (end - from) / 2;
    })?.at;
}

/** For each slot, the first one 30 s later, or how many there are; none for those that 30 s don't follow. */
function endsOf(slots: readonly Slot[], ratePerSecond: number): number[] {
    const times = [...slots.map(({ at }) => at), (slots.at(-1)?.at ?? 0) + 1 / ratePerSecond];
    const ends: number[] = [];
    for (let end = 0; ends.length < slots.length; ends.push(end)) {
        const until = (times[ends.length] as number) + heldSeconds - rounding;
        while (end < times.length && (times[end] as number) < until) end += 1;
        if (end === times.length) break;
    }
    return ends;
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
