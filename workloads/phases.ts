import type { Phase } from "../model/trial.ts";

/** The parts of the round trips of a `phases` cell. */
export class PhaseRecorder {
    readonly #names: readonly string[];
    readonly #moments: Float64Array;
    /** End of each part except the last, by round trip, nanoseconds from its start. */
    readonly #ends: Float64Array[];

    /**
     * @param names the transport's phases
     * @param moments array in which the transport records the end of each except the last
     * @param capacity largest number of round trips
     */
    constructor(names: readonly string[], moments: Float64Array, capacity: number) {
        this.#names = names;
        this.#moments = moments;
        this.#ends = names.slice(1).map(() => new Float64Array(capacity));
    }

    /**
     * Records the moments of a round trip. They can be out of order: if the kernel wakes the reader on the writer's
     * processor, the reader has read the payload before `rename` returns, or its promise is fulfilled, in the writer. A
     * moment that is missing, or later than the next one, counts as equal to the next one. So no part is below 0, and
     * the parts add up to the whole.
     */
    record(index: number, start: number, end: number): void {
        let until = end;
        for (let part = this.#ends.length - 1; part >= 0; part--) {
            const noted = this.#moments[part] as number;
            if (noted >= start && noted < until) until = noted;
            (this.#ends[part] as Float64Array)[index] = until - start;
        }
    }

    /**
     * Mean of each part over the middle half of the round trips by duration. Medians of the parts wouldn't add up to
     * the whole, and a mean over all round trips would mostly show the few long ones.
     * @param samples all round trips; not modified
     */
    summarize(samples: Float64Array): Phase[] {
        const sorted = samples.toSorted();
        const [low, high] = [sorted[Math.floor(sorted.length / 4)], sorted[Math.ceil((sorted.length * 3) / 4) - 1]];
        const sums = this.#names.map(() => 0);
        let chosen = 0;
        for (const [index, whole] of samples.entries()) {
            if (low === undefined || high === undefined || whole < low || whole > high) continue;
            chosen += 1;
            let from = 0;
            for (let part = 0; part < sums.length; part++) {
                const until = this.#ends[part]?.[index] ?? whole;
                sums[part] = (sums[part] as number) + until - from;
                from = until;
            }
        }
        return this.#names.map((name, part) => ({ name, seconds: (sums[part] as number) / Math.max(1, chosen) / 1e9 }));
    }
}
