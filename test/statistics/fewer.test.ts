import assert from "node:assert/strict";
import fc from "fast-check";
import { chanceOfFewer, jointChances, type Pair } from "../../statistics/fewer.ts";
import { seededRandom } from "../../statistics/random.ts";

/** The share of all splits of the pairs whose rank sums together are as small as those seen. */
function exactChance(...all: readonly Pair[]): number {
    const each = all.map((pair) => {
        const values = [...pair.with, ...pair.without];
        const rank = (value: number) =>
            2 * values.filter((one) => one < value).length + values.filter((one) => one === value).length;
        const sum = (some: readonly number[]) => some.reduce((total, value) => total + rank(value), 0);
        return { sums: choices(values, pair.with.length).map(sum), seen: sum(pair.with) };
    });
    const seen = each.reduce((total, pair) => total + pair.seen, 0);
    const sums = each.reduce((before, pair) => before.flatMap((one) => pair.sums.map((other) => one + other)), [0]);
    return sums.filter((one) => one <= seen).length / sums.length;
}

function choices<T>(items: readonly T[], count: number): T[][] {
    const [first, ...others] = items;
    if (count === 0) return [[]];
    if (first === undefined) return [];
    return [...choices(others, count - 1).map((chosen) => [first, ...chosen]), ...choices(others, count)];
}

const counts = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 3, maxLength: 6 });
const pairs = fc.record({ with: counts, without: counts });

describe("the chance of fewer", () => {
    it("is that of all splits of a pair, with ties and samples of different sizes", () => {
        fc.assert(
            fc.property(pairs, (pair) => {
                const [found, exact] = [chanceOfFewer([pair]), exactChance(pair)];
                // Drawn until 200 are as small: the error of a share is 7% of it, so 5 of these are never reached.
                assert.ok(Math.abs(found - exact) < 0.35 * exact + 0.002, `${found}, exactly ${exact}`);
            }),
            { numRuns: 60 },
        );
    });

    it("of two pairs is that of all splits of both", () => {
        const two: [Pair, Pair] = [
            { with: [0, 0, 1], without: [2, 3, 0] },
            { with: [5, 1, 4], without: [9, 7, 6] },
        ];
        const [found, exact] = [chanceOfFewer(two), exactChance(...two)];
        assert.ok(exact > 0 && exact < 0.02, `${exact}`);
        assert.ok(Math.abs(found - exact) < 0.35 * exact, `${found}, exactly ${exact}`);
    });

    it("is 1 if nothing differs, small if all are fewer, and large if all are more", () => {
        const [zero, many] = [Array<number>(20).fill(0), Array.from({ length: 20 }, (_, index) => 30 + index)];
        assert.equal(chanceOfFewer([{ with: zero, without: zero }]), 1);
        assert.equal(chanceOfFewer([{ with: zero, without: many }]), 1 / 10_000);
        assert.ok(chanceOfFewer([{ with: many, without: zero }]) > 0.99);
    });

    it("is not changed by the size of a difference, or by a pair in which nothing differs", () => {
        const pair = { with: [0, 1, 2, 3, 9, 4], without: [5, 6, 7, 8, 3, 12] };
        const squared = { with: pair.with.map((one) => one ** 2), without: pair.without.map((one) => one ** 2) };
        const same = { with: [4, 4, 4, 4, 4, 4], without: [4, 4, 4, 4, 4, 4] };
        const chance = chanceOfFewer([pair]);
        assert.equal(chanceOfFewer([squared]), chance);
        assert.ok(Math.abs(chanceOfFewer([same, pair]) / chance - 1) < 0.3);
    });

    it("is the same each time, and leaves the samples as they are", () => {
        fc.assert(
            fc.property(pairs, pairs, (one, other) => {
                const before = JSON.stringify([one, other]);
                assert.equal(chanceOfFewer([one, other]), chanceOfFewer([one, other]));
                assert.equal(JSON.stringify([one, other]), before);
            }),
            { numRuns: 20 },
        );
    });

    it("is at most 5% in about 1 of 20 experiments without an effect, and in most with one", () => {
        const random = seededRandom(5);
        const sample = (shift: number) => Array.from({ length: 8 }, () => Math.floor(20 * random()) + shift);
        const found = (shift: number) => {
            const chances = Array.from({ length: 1000 }, () =>
                chanceOfFewer([
                    { with: sample(0), without: sample(shift) },
                    { with: sample(100), without: sample(100 + shift) },
                ]),
            );
            return chances.filter((chance) => chance <= 0.05).length / chances.length;
        };
        const [none, some] = [found(0), found(8)];
        assert.ok(none > 0.03 && none < 0.067, `${none}`);
        assert.ok(some > 0.9, `${some}`);
    }).timeout(120_000); // 2 s; other tests may share the processors
});

describe("joint chances", () => {
    it("are Holm's: the smallest times the number of tests, the next times one fewer, never below the one before", () => {
        assert.deepEqual(
            jointChances([0.01, 0.04, 0.03, 0.005]).map((chance) => Number(chance.toFixed(6))),
            [0.03, 0.06, 0.06, 0.02],
        );
        assert.deepEqual(jointChances([0.02]), [0.02]);
        assert.deepEqual(jointChances([]), []);
        assert.deepEqual(jointChances([0.9, 0.8]), [1, 1]);
    });

    it("are at least the chances, at most 1, and in the same order", () => {
        fc.assert(
            fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (chances) => {
                const joint = jointChances(chances);
                assert.ok(joint.every((one, index) => one >= (chances[index] ?? 0) && one <= 1));
                for (const [index, one] of chances.entries()) {
                    for (const [at, other] of chances.entries()) {
                        assert.ok(one >= other || (joint[index] ?? 0) <= (joint[at] ?? 0));
                    }
                }
            }),
        );
    });
});
