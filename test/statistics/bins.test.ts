import assert from "node:assert/strict";
import fc from "fast-check";
import type { Bins } from "../../model/scenarios.ts";
import { isOutAtEnd, lengthOf, mergedBins } from "../../statistics/bins.ts";

const binsOf = (fromSeconds: number, outcomes: Bins["outcomes"], p50: (number | null)[] = []): Bins => ({
    ...{ fromSeconds, outcomes },
    ...{ p50Microseconds: p50, p99Microseconds: p50, maxMicroseconds: p50 },
});
const everything = { from: -100, to: 100 };

describe("merged bins", () => {
    it("sum the slots of each time, aligned at the injection, also if the bins begin at different times", () => {
        const merged = mergedBins(
            [
                binsOf(-0.2, { "on-time": [5, 5, 0], failed: [0, 0, 5] }),
                binsOf(-0.0961, { "on-time": [5, 4], late: [0, 1] }),
            ],
            everything,
            false,
        );
        assert.deepEqual(merged, {
            fromSeconds: -0.2,
            outcomes: { "on-time": [5, 10, 4], late: [0, 0, 1], failed: [0, 0, 5] },
            ...{ p50Microseconds: [], p99Microseconds: [], maxMicroseconds: [] },
        });
    });

    it("have medians of latencies with 3 digits, null if nobody has one, and no largest latency", () => {
        const all = [
            [1234.5, 10, null],
            [2000, null, null],
            [9_999_900, 30, null],
        ];
        const merged = mergedBins(
            all.map((p50) => binsOf(0, { "on-time": [1, 1, 1] }, p50)),
            everything,
            true,
        );
        assert.deepEqual(
            [merged.p50Microseconds, merged.p99Microseconds],
            [
                [2000, 20, null],
                [2000, 20, null],
            ],
        );
        assert.deepEqual(merged.maxMicroseconds, []);
    });

    it("keep the wanted time only, and no outcome that nobody had in it", () => {
        const bins = binsOf(-0.3, { "on-time": [1, 2, 3, 4, 5, 6], lost: [1, 0, 0, 0, 0, 0] });
        const merged = mergedBins([bins], { from: -0.1, to: 0.2 }, false);
        assert.deepEqual([merged.fromSeconds, merged.outcomes], [-0.1, { "on-time": [3, 4, 5] }]);
        assert.equal(lengthOf(mergedBins([bins], { from: -0.1, to: -0.1 }, true)), 0);
    });

    it("keep an outcome of another version, after those that are known", () => {
        const merged = mergedBins([binsOf(0, { bounced: [1], lost: [1] })], everything, false);
        assert.deepEqual(Object.keys(merged.outcomes), ["lost", "bounced"]);
    });

    it("lose no slot and invent none", () => {
        const counts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 });
        const one = fc.record({ from: fc.integer({ min: -50, max: 50 }), good: counts, bad: counts });
        const sum = (values: readonly number[] = []) => values.reduce((total, value) => total + value, 0);
        fc.assert(
            fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), (all) => {
                const bins = all.map(({ from, good, bad }) => binsOf(from / 10, { "on-time": good, failed: bad }));
                const merged = mergedBins(bins, everything, true);
                assert.equal(sum(merged.outcomes["on-time"]), sum(all.flatMap(({ good }) => good)));
                assert.equal(sum(merged.outcomes.failed), sum(all.flatMap(({ bad }) => bad)));
                const lengths = [...Object.values(merged.outcomes), merged.p50Microseconds].map(({ length }) => length);
                assert.ok(new Set(lengths).size === 1 || lengths.length === 1, `${lengths}`);
            }),
        );
    });
});

describe("an outage that goes on to the end", () => {
    const second = (count: number) => Array<number>(10).fill(count);

    it("has no slot on time in the last second, but some", () => {
        assert.equal(
            isOutAtEnd(binsOf(0, { "on-time": [...second(1), ...second(0)], failed: [...second(0), ...second(1)] })),
            true,
        );
        assert.equal(isOutAtEnd(binsOf(0, { "on-time": [...second(1), 0, 1], failed: [...second(0), 1, 0] })), false);
        assert.equal(isOutAtEnd(binsOf(0, { failed: [1] })), true);
    });

    it("does not exist if no slot was due", () => {
        assert.equal(isOutAtEnd(binsOf(0, { "on-time": [...second(1), ...second(0)] })), false);
        assert.equal(isOutAtEnd(binsOf(0, {})), false);
    });
});
