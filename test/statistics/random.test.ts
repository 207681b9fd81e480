import assert from "node:assert/strict";
import fc from "fast-check";
import { seededRandom, shuffled } from "../../statistics/random.ts";

const ascending = (one: number, other: number) => one - other;
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe("seededRandom", () => {
    it("gives the same numbers for the same seed, in [0, 1)", () => {
        fc.assert(
            fc.property(seeds, (seed) => {
                const [one, other] = [seededRandom(seed), seededRandom(seed)];
                for (let index = 0; index < 50; index++) {
                    const value = one();
                    assert.equal(other(), value);
                    assert.ok(value >= 0 && value < 1);
                }
            }),
        );
    });

    it("is uniform: tenths within 5% of their share, also for neighbouring seeds", () => {
        const tenths = new Array<number>(10).fill(0);
        for (let seed = 0; seed < 200; seed++) {
            const random = seededRandom(seed);
            for (let index = 0; index < 500; index++) {
                const tenth = Math.floor(random() * 10);
                tenths[tenth] = (tenths[tenth] as number) + 1;
            }
        }
        for (const count of tenths) assert.ok(count > 9500 && count < 10_500, `${tenths}`);
    });
});

describe("shuffled", () => {
    it("keeps the items and leaves the given array as it is", () => {
        fc.assert(
            fc.property(fc.array(fc.integer()), seeds, (items, seed) => {
                const before = [...items];
                const result = shuffled(items, seededRandom(seed));
                assert.deepEqual(items, before);
                assert.deepEqual(result.toSorted(ascending), before.toSorted(ascending));
            }),
        );
    });

    it("gives each order of three items about as often", () => {
        const random = seededRandom(1);
        const orders = Map.groupBy(
            [...Array(6000).keys()].map(() => shuffled("abc".split(""), random).join("")),
            (order) => order,
        );
        assert.equal(orders.size, 6);
        for (const [order, times] of orders)
            assert.ok(times.length > 900 && times.length < 1100, `${order}: ${times.length}`);
    });
});
