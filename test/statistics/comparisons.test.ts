import assert from "node:assert/strict";
import { type Arm, allArms, mainArms, repeatArm, specOf } from "../../model/arms.ts";
import type { Comparison } from "../../model/results.ts";
import { comparisonsOf, ratiosOf } from "../../statistics/comparisons.ts";
import type { Estimates } from "../../statistics/estimate.ts";
import { claimedWithin, noiseAt } from "../../statistics/noise.ts";

/** An A/A comparison with this interval at a size. */
const repeated = (size: number, interval?: [number, number]): Comparison => ({
    ...{ arm: repeatArm, reference: mainArms.network, size, ratio: 1 },
    ...(interval && { interval }),
});

describe("comparisonsOf", () => {
    const position = (arm: string) => (allArms as string[]).indexOf(arm) + 1;
    const medians: Estimates = (arm, size) => ({
        seconds: position(arm) * size,
        trials: 10,
        logVariance: 1e-4,
    });

    it("has every arm over its reference, the A/A arm included, by arm and size", () => {
        const comparisons = comparisonsOf(allArms, [64, 1024], medians);
        const compared = allArms.filter((arm) => specOf(arm).reference !== undefined);
        assert.ok(compared.includes(repeatArm) && !compared.includes("floor/noop"));
        assert.deepEqual(
            comparisons.map(({ arm, size }) => [arm, size]),
            compared.flatMap((arm) => [64, 1024].map((size) => [arm, size])),
        );
        for (const { arm, reference, ratio, interval } of comparisons) {
            assert.equal(reference, specOf(arm).reference);
            const expected = position(arm) / position(reference);
            assert.ok(Math.abs(ratio / expected - 1) < 1e-5);
            assert.ok(interval !== undefined && interval[0] < ratio && ratio < interval[1]);
        }
    });

    it("leaves out sizes at which one arm has no median", () => {
        const few =
            (missing: Arm): Estimates =>
            (arm, size) =>
                arm === missing ? undefined : medians(arm, size);
        const arms = ["volume/disk" as const, "volume/disk-fsync" as const];
        assert.deepEqual(
            comparisonsOf(arms, [64], few("volume/fs-watch")).map(({ arm }) => arm),
            ["volume/disk-fsync"],
        );
        assert.deepEqual(comparisonsOf(arms, [64], few("volume/disk")), []);
    });
});

describe("ratiosOf", () => {
    const medians: Estimates = (arm) => ({
        seconds: arm === mainArms.volume ? 1.05 : 1,
        trials: 10,
        logVariance: 1e-5,
    });

    it("is volume over network, with the verdict", () => {
        const [ratio] = ratiosOf([64], medians, []);
        assert.deepEqual([ratio?.ratio, ratio?.verdict, ratio?.withinNoise], [1.05, "network faster", false]);
        assert.equal("noise" in (ratio ?? {}), false);
    });

    it("says that a difference is no larger than the noise floor", () => {
        const within = (interval: [number, number]) => {
            const [ratio] = ratiosOf([64], medians, [repeated(64, interval)]);
            return [ratio?.verdict, ratio?.noise, ratio?.withinNoise];
        };
        assert.deepEqual(within([0.99, 1.06]), ["network faster", 1.06, true]);
        assert.deepEqual(within([0.99, 1.04]), ["network faster", 1.04, false]);
        assert.deepEqual(within([0.9, 1.01]), ["network faster", 1.11111, true]);
    });
});

describe("noiseAt", () => {
    const floors = [repeated(1024, [0.98, 1.01]), repeated(64, [0.99, 1.05]), repeated(65_536, [0.97, 1.01])];
    const [narrow, wide, large] = [1.02041, 1.05, 1.03093];

    for (const [size, expected] of [
        [64, wide],
        [1024, narrow],
        [65_536, large],
        [512, wide], // between 64 and 1024
        [4096, large], // between 1024 and 64 KiB
        [16, wide], // below all
        [1_048_576, large], // above all
    ] as const) {
        it(`is ${expected} at ${size} B`, () => {
            assert.equal(noiseAt(size, floors), expected);
        });
    }

    it("comes only from the A/A arm, and only if it has an interval", () => {
        const other: Comparison = { ...repeated(64, [0.5, 2]), arm: "network/pod-ip" };
        assert.equal(noiseAt(64, [other]), undefined);
        assert.equal(noiseAt(64, [repeated(64)]), undefined);
        assert.equal(noiseAt(64, [other, repeated(64), ...floors.slice(0, 1)]), narrow);
    });
});

describe("claimedWithin", () => {
    for (const [ratio, verdict, noise, expected] of [
        [1.02, "network faster", 1.03, true],
        [1.03, "network faster", 1.03, true],
        [1.04, "network faster", 1.03, false],
        [1 / 1.02, "volume faster", 1.03, true],
        [1 / 1.04, "volume faster", 1.03, false],
        [1.02, "no difference", 1.03, false],
        [1.02, "inconclusive", 1.03, false],
        [1.02, "network faster", undefined, false],
    ] as const) {
        it(`is ${expected} of "${verdict}" with a ratio of ${ratio.toFixed(2)} and a floor of ${noise}`, () => {
            assert.equal(claimedWithin({ ratio, verdict }, noise), expected);
        });
    }
});
