import assert from "node:assert/strict";
import { fractionInterval } from "../../statistics/fraction.ts";
import { seededRandom } from "../../statistics/random.ts";

describe("the interval of a fraction", () => {
    // R: binom.test(hits, n)$conf.int, to four digits; with 0 and n one-sided
    for (const [hits, n, low, high] of [
        [1, 10, 0.0025, 0.445],
        [5, 10, 0.1871, 0.8129],
        [3, 20, 0.0321, 0.3789],
        [0, 20, 0, 0.1391],
        [20, 20, 0.8609, 1],
    ] as const) {
        it(`goes from ${low} to ${high} for ${hits} of ${n}`, () => {
            assert.deepEqual(
                fractionInterval(hits, n).map((end) => Number(end.toFixed(4))),
                [low, high],
            );
        });
    }

    it("is at most 3 / n if nothing happened in n", () => {
        for (const n of [1, 6, 20, 100, 1000]) assert.ok(fractionInterval(0, n)[1] <= 3 / n);
    });

    it("holds the truth in at least 95% of 2,000 experiments", () => {
        const random = seededRandom(3);
        for (const share of [0.05, 0.3, 0.5]) {
            const held = Array.from({ length: 2000 }).filter(() => {
                const hits = Array.from({ length: 20 }).filter(() => random() < share).length;
                const [low, high] = fractionInterval(hits, 20);
                return low <= share && share <= high;
            });
            assert.ok(held.length >= 0.94 * 2000, `${share}: ${held.length}`);
        }
    });
});
