import { outcomes } from "../model/outcomes.ts";
import { type Bins, binSeconds } from "../model/scenarios.ts";
import { middleOf } from "./order.ts";

/** Which bins are kept; relative to the injection, in seconds. */
export interface Span {
    from: number;
    to: number;
}

/** Bins in a second. */
const perSecond = Math.round(1 / binSeconds);

/**
 * The bins of several injections as one: slots are summed, and a latency is the median over the injections that have one.
 * They are aligned at the injection, to the nearest bin. Outcomes that no slot had are left out, latencies too unless they
 * are wanted, and the largest latency always: a median of maxima says nothing. Latencies have 3 significant digits.
 * @param all at least one
 */
export function mergedBins(all: readonly Bins[], { from, to }: Span, withLatency: boolean): Bins {
    const placed = all.map((bins) => ({ bins, start: Math.round(bins.fromSeconds / binSeconds) }));
    const first = Math.max(Math.min(...placed.map(({ start }) => start)), Math.round(from / binSeconds));
    const end = Math.min(
        Math.max(...placed.map(({ bins, start }) => start + lengthOf(bins))),
        Math.round(to / binSeconds),
    );
    const indices = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
    const sums = outcomeNames(all).map((name): [string, number[]] => [
        name,
        indices.map((index) =>
            placed.reduce((sum, { bins, start }) => sum + (bins.outcomes[name]?.[index - start] ?? 0), 0),
        ),
    ]);
    const latency = (figure: "p50Microseconds" | "p99Microseconds") =>
        withLatency
            ? indices.map((index) => medianOf(placed.flatMap(({ bins, start }) => bins[figure][index - start] ?? [])))
            : [];
    return {
        fromSeconds: Number((first * binSeconds).toFixed(1)),
        outcomes: Object.fromEntries(sums.filter(([, slots]) => slots.some((count) => count > 0))),
        p50Microseconds: latency("p50Microseconds"),
        p99Microseconds: latency("p99Microseconds"),
        maxMicroseconds: [],
    };
}

/** Whether there was no service when the watch ended: slots were due in its last second, and none was on time. */
export function isOutAtEnd(bins: Bins): boolean {
    const last = lengthOf(bins) - perSecond;
    const slotsOf = (name: string) => (bins.outcomes[name] ?? []).slice(Math.max(0, last)).some((count) => count > 0);
    return !slotsOf("on-time") && Object.keys(bins.outcomes).some(slotsOf);
}

/** How many bins there are. */
export function lengthOf({ outcomes: slots }: Bins): number {
    return Math.max(0, ...Object.values(slots).map(({ length }) => length));
}

/** The names of all outcomes in the bins: in the usual order, then those of another version. */
function outcomeNames(all: readonly Bins[]): string[] {
    const names = [...new Set(all.flatMap((bins) => Object.keys(bins.outcomes)))].sort();
    const known: readonly string[] = outcomes;
    return [...known.filter((name) => names.includes(name)), ...names.filter((name) => !known.includes(name))];
}

/** @returns whole microseconds with 3 significant digits; null without any */
function medianOf(values: readonly number[]): number | null {
    if (values.length === 0) return null;
    const middle = middleOf(values.toSorted((one, other) => one - other));
    return Math.round(Number(middle.toPrecision(3)));
}
