import assert from "node:assert/strict";
import fc from "fast-check";
import {
    decodeHistogram,
    encodeHistogram,
    type Histogram,
    mergeHistograms,
    quantileSeconds,
} from "../../statistics/histogram.ts";
import { seededRandom } from "../../statistics/random.ts";
import { contributionOf, halfWidth, type MedianRatio, relativeHalfWidth } from "../../statistics/ratio.ts";
import { studentQuantile } from "../../statistics/student.ts";
import { lognormal, normal } from "../model/fixtures.ts";
import { medianRatio } from "./coverage.ts";

const histogramOf = (samples: Float64Array) => decodeHistogram(encodeHistogram(samples));

/** Trials with the given medians in ns, 50 round trips each. */
function arm(mediansNs: readonly number[], seed: number, factor = 1): Histogram[] {
    const next = normal(seededRandom(seed));
    return mediansNs.map((median) => {
        const samples = lognormal(median, 0.1, 50, next);
        return histogramOf(samples.map((sample) => Math.round(sample * factor)));
    });
}

const medians = fc.array(fc.integer({ min: 50_000, max: 5_000_000 }), { minLength: 2, maxLength: 8 });
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const some: fc.Parameters<unknown> = { numRuns: 40 };

function decided(ratio: MedianRatio | undefined): Required<MedianRatio> {
    assert.ok(ratio?.interval);
    return { ratio: ratio.ratio, interval: ratio.interval };
}
const near = (actual: number, expected: number, relative: number) =>
    assert.ok(Math.abs(actual / expected - 1) <= relative, `${actual} is not within ${relative} of ${expected}`);

describe("ratioOf the medians of two arms", () => {
    it("is p50 of the volume over p50 of the network, of all round trips together", () => {
        fc.assert(
            fc.property(medians, medians, seeds, (network, volume, seed) => {
                const [one, other] = [arm(network, 1), arm(volume, 2)];
                const p50 = (trials: Histogram[]) => quantileSeconds(mergeHistograms(trials), 500) as number;
                near(decided(medianRatio(one, other, seed)).ratio, p50(other) / p50(one), 1e-5);
            }),
            some,
        );
    });

    it("has an interval that contains the ratio", () => {
        fc.assert(
            fc.property(medians, medians, seeds, (network, volume, seed) => {
                const { ratio, interval } = decided(medianRatio(arm(network, 1), arm(volume, 2), seed));
                assert.ok(interval[0] <= ratio && ratio <= interval[1], `${ratio} is not in ${interval}`);
                assert.ok(interval[0] > 0 && Number.isFinite(interval[1]));
            }),
            some,
        );
    });

    it("is 1 for the same data on both sides, with 1 in the interval", () => {
        fc.assert(
            fc.property(medians, seeds, (values, seed) => {
                const { ratio, interval } = decided(medianRatio(arm(values, 1), arm(values, 1), seed));
                assert.equal(ratio, 1);
                assert.ok(interval[0] <= 1 && interval[1] >= 1);
            }),
            some,
        );
    });

    it("scales with an arm, and so does its interval", () => {
        fc.assert(
            fc.property(
                medians,
                medians,
                seeds,
                fc.double({ min: 1, max: 50, noNaN: true }),
                (network, volume, seed, factor) => {
                    const before = decided(medianRatio(arm(network, 1), arm(volume, 2), seed));
                    const after = decided(medianRatio(arm(network, 1), arm(volume, 2, factor), seed));
                    near(after.ratio, before.ratio * factor, 0.002);
                    const width = ({ interval }: Required<MedianRatio>) => Math.log(interval[1] / interval[0]);
                    assert.ok(Math.abs(width(after) - width(before)) <= 0.02 + 0.05 * width(before));
                },
            ),
            some,
        );
    });

    it("is turned over when the arms change places", () => {
        const [one, other] = [arm([100_000, 105_000, 98_000, 101_000], 1), arm([300_000, 320_000, 290_000], 2)];
        const forth = decided(medianRatio(one, other, 1));
        const back = decided(medianRatio(other, one, 1));
        near(back.ratio, 1 / forth.ratio, 1e-5);
        near(back.interval[0], 1 / forth.interval[1], 1e-5);
    });

    it("gives the same interval for the same seed and almost the same for another", () => {
        const [one, other] = [
            arm([100_000, 105_000, 98_000, 101_000], 1),
            arm([300_000, 320_000, 290_000, 310_000], 2),
        ];
        const first = decided(medianRatio(one, other, 1));
        assert.deepEqual(medianRatio(one, other, 1), first);
        const another = decided(medianRatio(one, other, 99));
        assert.notDeepEqual(another.interval, first.interval);
        near(another.interval[1], first.interval[1], 0.03);
    });

    it("is wider the fewer trials there are", () => {
        const width = (trials: number) => {
            const next = normal(seededRandom(5));
            const values = () => Array.from({ length: trials }, () => 100_000 * Math.exp(0.05 * next()));
            const [low, high] = decided(medianRatio(arm(values(), 1), arm(values(), 2), 1)).interval;
            return Math.log(high / low);
        };
        assert.ok(width(20) < width(6) && width(6) < width(2), `${width(20)}, ${width(6)}, ${width(2)}`);
    });

    it("has an interval of width 0 if all trials are the same", () => {
        const constant = (ns: number) => [1, 2, 3].map(() => histogramOf(new Float64Array(30).fill(ns)));
        assert.deepEqual(medianRatio(constant(1000), constant(2000), 1), { ratio: 2, interval: [2, 2] });
    });

    it("uses an arm whose trials differ although the other's do not", () => {
        const constant = [1, 2, 3].map(() => histogramOf(new Float64Array(30).fill(1000)));
        const { interval } = decided(medianRatio(constant, arm([2000, 2200, 1900], 1), 1));
        assert.ok(interval[0] < 1.95 && interval[1] > 2.1);
    });

    describe("with countable draws", () => {
        const trials = (...values: number[]) => values.map((ns) => histogramOf(new Float64Array(20).fill(ns)));
        const log = Math.log(1100 / 1000);
        /** Half of the interval's width, as a logarithm, against an arm that does not vary. */
        const half = (arm: Histogram[]) => {
            const [low, high] = decided(medianRatio(trials(1000, 1000), arm, 1)).interval;
            return Math.log(high / low) / 2;
        };

        it("has the exact width for two trials", () => {
            // Drawn are 1000 1000, 1000 1100 (twice) and 1100 1100; only the last one's lower median is 1100: 1 in 4.
            const variance = ((1 / 4) * (3 / 4) * log ** 2 * 2) / 1;
            near(half(trials(1000, 1100)), 12.706 * Math.sqrt(variance), 0.06);
        });

        it("has the exact width for four trials, one of which is slower", () => {
            // The median is the second smallest of four: 1100 only where that trial is drawn 3 or 4 times, 13 in 256.
            const variance = ((13 / 256) * (243 / 256) * log ** 2 * 4) / 3;
            near(half(trials(1000, 1100, 1000, 1000)), 3.182 * Math.sqrt(variance), 0.15);
        });
    });

    it("has no interval with one trial in an arm", () => {
        const [one, other] = [arm([100_000], 1), arm([200_000, 210_000], 2)];
        assert.deepEqual(Object.keys(medianRatio(one, other, 1) ?? {}), ["ratio"]);
        assert.deepEqual(Object.keys(medianRatio(other, one, 1) ?? {}), ["ratio"]);
    });

    it("does not exist if an arm has fewer than 20 round trips in total, or none", () => {
        const few = [9, 10].map((count) => histogramOf(new Float64Array(count).fill(1000)));
        const enough = arm([1000, 1000], 1);
        assert.equal(medianRatio(few, enough, 1), undefined);
        assert.equal(medianRatio(enough, few, 1), undefined);
        assert.equal(medianRatio([], enough, 1), undefined);
        assert.equal(medianRatio(enough, [], 1), undefined);
    });

    it("takes trials with few round trips each, as long as there are enough in all", () => {
        const few = [1, 2, 3].map((trial) => histogramOf(new Float64Array(7).fill(1000 * trial)));
        assert.equal(decided(medianRatio(few, few, 1)).ratio, 1);
    });
});

describe("halfWidth", () => {
    it("is t times the standard error, with Welch's degrees of freedom", () => {
        const contributions = [
            { variance: 0.04, trials: 5 },
            { variance: 0.01, trials: 10 },
        ];
        const df = 0.05 ** 2 / (0.04 ** 2 / 4 + 0.01 ** 2 / 9);
        near(halfWidth(contributions) as number, studentQuantile(df) * Math.sqrt(0.05), 1e-12);
        near(halfWidth(contributions.slice(0, 1)) as number, 2.776 * 0.2, 1e-3); // only one arm: n - 1
    });

    it("is wider for more confidence", () => {
        near(halfWidth([{ variance: 0.04, trials: 10 }], 0.99) as number, 3.25 * 0.2, 1e-3);
    });

    it("is 0 if nothing varies, and unknown if one contribution is", () => {
        assert.equal(halfWidth([{ variance: 0, trials: 3 }]), 0);
        assert.equal(halfWidth([{ variance: 0.1, trials: 3 }, undefined]), undefined);
    });
});

describe("contributionOf", () => {
    it("is the squared gradient times the variance of the median's logarithm", () => {
        assert.deepEqual(contributionOf({ seconds: 1, trials: 4, logVariance: 0.5 }, -2), { variance: 2, trials: 4 });
        assert.equal(contributionOf({ seconds: 1, trials: 1 }, 1), undefined);
    });
});

describe("relativeHalfWidth", () => {
    it("is how far the interval reaches either way, whatever the ratio", () => {
        near(relativeHalfWidth([5 / 1.05, 5 * 1.05]), 0.05, 1e-9);
        near(relativeHalfWidth([0.1 / 1.05, 0.1 * 1.05]), 0.05, 1e-9);
    });
});
