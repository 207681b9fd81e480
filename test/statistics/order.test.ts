import assert from "node:assert/strict";
import fc from "fast-check";
import { durationOf, shiftOf } from "../../statistics/order.ts";
import { type Random, seededRandom } from "../../statistics/random.ts";

const never = Number.POSITIVE_INFINITY;
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
const lists = (maxLength: number) =>
    fc.array(fc.oneof(fc.double({ min: 0, max: 90, noNaN: true }), fc.constant(never)), { minLength: 1, maxLength });

describe("the median of durations", () => {
    // Ranks of the sign test's interval: Hollander, Wolfe & Chicken 2014, table A.2 (binomial, p = 1/2).
    for (const [n, low, high] of [
        [6, 1, 6],
        [9, 2, 8],
        [10, 2, 9],
        [15, 4, 12],
        [20, 6, 15],
    ] as const) {
        it(`has the interval from the ${low}. to the ${high}. of ${n}`, () => {
            assert.deepEqual(durationOf(upTo(n)).interval, [low, high]);
        });
    }

    it("has no interval with fewer than six", () => {
        for (const n of [1, 2, 3, 5]) assert.equal("interval" in durationOf(upTo(n)), false);
        assert.deepEqual(durationOf([3, 1, 2]), { median: 2, injections: 3, censored: 0 });
    });

    it("is open above if many are censored, and not reached if most are", () => {
        const some = durationOf([1, 2, 3, 4, 5, 6, 7, 8, ...Array(4).fill(never)]);
        assert.deepEqual(some, { median: 6.5, interval: [3, never], injections: 12, censored: 4 });
        const most = durationOf([1, 2, 3, never, never, never, never]);
        assert.deepEqual(most, { median: never, interval: [1, never], injections: 7, censored: 4 });
    });

    it("is that of Kaplan and Meier", () => {
        fc.assert(
            fc.property(lists(30), (seconds) => {
                // The estimated share that still lasts falls by one of those at risk, at each end of a duration.
                const sorted = seconds.toSorted((a, b) => a - b);
                let lasting = 1;
                const at = sorted.findIndex((value, index) => {
                    if (value !== never) lasting *= 1 - 1 / (sorted.length - index);
                    return lasting <= 0.5 + 1e-9;
                });
                const { median } = durationOf(seconds);
                const [below = never, next = never] = at < 0 ? [] : sorted.slice(at);
                assert.ok(median >= below && median <= next, `${median}, ${below}, ${next}`);
            }),
        );
    });

    it("lies in its interval, and shifts with all durations", () => {
        fc.assert(
            fc.property(lists(40), (seconds) => {
                const { median, interval = [0, never] } = durationOf(seconds);
                assert.ok(interval[0] <= median && median <= interval[1]);
                const later = durationOf(seconds.map((one) => one + 10));
                assert.ok(later.median === never ? median === never : Math.abs(later.median - median - 10) < 1e-9);
            }),
        );
    });
});

describe("the shift between two sets of durations", () => {
    it("is the median of all differences, with the interval of the rank sum test", () => {
        // For 5 and 5 values the rank sum test at 95% leaves out the 2 lowest and the 2 highest of 25 differences
        // (Hollander, Wolfe & Chicken 2014, table A.6), so the interval goes from the third to the third last.
        const [a, b] = [upTo(5), upTo(5).map((one) => 10 * one)];
        const { shift, interval } = shiftOf(a, b);
        assert.equal(shift, 27);
        const differences = b.flatMap((one) => a.map((other) => one - other)).sort((one, other) => one - other);
        assert.deepEqual(interval, [differences[2], differences.at(-3)]);
    });

    it("is 0 between sums that differ only in their binary fractions", () => {
        assert.equal(shiftOf([0.1 + 0.2], [0.3]).shift, 0);
    });

    it("has no interval with three each", () => {
        assert.equal("interval" in shiftOf(upTo(3), upTo(3)), false);
    });

    it("is known only as far as censored durations allow", () => {
        const { interval } = shiftOf([...upTo(8), never, never, never], [...upTo(8), never, never, never]);
        assert.deepEqual(interval, [Number.NEGATIVE_INFINITY, never]);
        const { interval: later } = shiftOf(upTo(10), Array(10).fill(never));
        assert.deepEqual(later, [never, never]);
    });

    it("turns its sign if both sides are exchanged", () => {
        fc.assert(
            fc.property(fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 5, maxLength: 12 }), (a) => {
                const b = a.map((one) => 2 * one + 1);
                const [there, back] = [shiftOf(a, b), shiftOf(b, a)];
                assert.equal(there.shift + back.shift, 0);
                assert.equal((there.interval?.[0] ?? 0) + (back.interval?.[1] ?? 0), 0);
            }),
        );
    });
});

describe("coverage of the 95% intervals of 2,000 simulated experiments of 20 injections", () => {
    /** Outages of a second or two with a long tail, watched for 90 s; median e^0.5. */
    const outage = (random: Random) => {
        const seconds = Math.exp(0.5 + 1.5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
        return seconds > 90 ? never : seconds;
    };
    const experiments = 2000;
    const shareOf = (holds: (random: Random) => boolean) => {
        const random = seededRandom(5);
        return upTo(experiments).filter(() => holds(random)).length / experiments;
    };
    const sample = (random: Random) => upTo(20).map(() => outage(random));
    const contains = ([low, high]: [number, number] = [1, 0], value: number) => low <= value && value <= high;

    it("is 92 to 98% for a median", () => {
        const share = shareOf((random) => contains(durationOf(sample(random)).interval, Math.exp(0.5)));
        assert.ok(share >= 0.92 && share <= 0.98, `${share}`);
    });

    it("is 92 to 98% for a shift, and zero is outside if there is one of a spread and a half", () => {
        const same = shareOf((random) => contains(shiftOf(sample(random), sample(random)).interval, 0));
        assert.ok(same >= 0.92 && same <= 0.98, `${same}`);
        const times = Math.exp(1.5 * 1.5);
        const moved = shareOf((random) => {
            const b = sample(random).map((one) => (one * times > 90 ? never : one * times));
            return !contains(shiftOf(sample(random), b).interval, 0);
        });
        assert.ok(moved > 0.9, `${moved}`);
    }).timeout(20_000);
});
