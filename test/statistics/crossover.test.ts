import assert from "node:assert/strict";
import fc from "fast-check";
import type { Ratio } from "../../model/results.ts";
import { allSizes } from "../../model/sizes.ts";
import { crossoverOf } from "../../statistics/crossover.ts";
import { estimateOf } from "../../statistics/estimate.ts";
import { seededRandom } from "../../statistics/random.ts";
import { ratioOf } from "../../statistics/ratio.ts";
import { verdictOf } from "../../statistics/verdict.ts";
import { lognormal, normal } from "../model/fixtures.ts";
import { binned } from "./coverage.ts";

/** A ratio whose interval reaches so far either way, as a factor. */
function ratioAt(size: number, ratio: number, half = 1.05): Ratio {
    const interval: [number, number] = [ratio / half, ratio * half];
    return { size, ratio, interval, verdict: verdictOf(interval), withinNoise: false };
}

/** Ratios that fall with the size by a power law and are 1 at `crossover`. */
const falling = (crossover: number, power: number, sizes: readonly number[] = allSizes, half = 1.05) =>
    sizes.map((size) => ratioAt(size, (crossover / size) ** power, half));

const near = (actual: number | undefined, expected: number, relative = 0.001) =>
    assert.ok(Math.abs((actual ?? 0) / expected - 1) <= relative, `${actual} is not within ${relative} of ${expected}`);

describe("crossoverOf", () => {
    it("finds the crossover of a power law and, by inversion, where its interval ends", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 2048, max: 4_194_304 }),
                fc.double({ min: 0.3, max: 2, noNaN: true }),
                fc.boolean(),
                (crossover, power, rising) => {
                    const found = crossoverOf(falling(crossover, rising ? -power : power));
                    near(found?.size, crossover);
                    // the interval's ends are 1 where the ratio is 1.05 and 1 / 1.05
                    near(found?.lowSize, crossover * 1.05 ** (-1 / power));
                    near(found?.highSize, crossover * 1.05 ** (1 / power));
                },
            ),
        );
    });

    it("lies between its ends, and those between the decided sizes around it", () => {
        const sizes = [64, 1024, 65_536, 1_048_576];
        const found = crossoverOf([3, 1.4, 0.98, 0.5].map((ratio, index) => ratioAt(sizes[index] as number, ratio)));
        const { size, lowSize, highSize } = found as Required<NonNullable<typeof found>>;
        const ends = [1024, lowSize, size, highSize, 1_048_576];
        assert.deepEqual(
            ends.toSorted((one, other) => one - other),
            ends,
        );
    });

    it("interpolates through undecided sizes, and takes the middle one of several crossings", () => {
        const ratios = [
            [64, 4],
            [128, 0.99],
            [256, 1.01],
            [512, 0.99],
            [1024, 0.25],
        ].map(([size, ratio]) => ratioAt(size as number, ratio as number));
        near(crossoverOf(ratios)?.size, Math.sqrt(128 * 256), 0.01);
    });

    it("is open at an end where the smallest or the largest measured size is undecided", () => {
        const ratios = [0.99, 3, 1.5, 0.6, 0.4, 1.02].map((ratio, index) => ratioAt(64 * 4 ** index, ratio));
        const inner = crossoverOf(ratios.slice(1, -1));
        assert.deepEqual(Object.keys(inner ?? {}), ["size", "lowSize", "highSize"]);
        assert.deepEqual(crossoverOf(ratios), { size: inner?.size });
        assert.deepEqual(Object.keys(crossoverOf(ratios.slice(1)) ?? {}), ["size", "lowSize"]);
        assert.deepEqual(Object.keys(crossoverOf(ratios.slice(0, -1)) ?? {}), ["size", "highSize"]);
    });

    it("passes over a size without an interval", () => {
        const ratios = falling(4096, 1, [64, 1024, 16_384, 262_144]);
        const single: Ratio = { size: 2048, ratio: 0.1, verdict: "inconclusive", withinNoise: false };
        assert.deepEqual(crossoverOf(ratios.toSpliced(2, 0, single)), crossoverOf(ratios));
    });

    for (const [what, values] of [
        ["the winner stays the same", [5, 4, 3, 2]],
        ["one arm wins and the rest is undecided", [5, 1, 1.01, 0.99]],
        ["nothing is decided", [1, 1, 1, 1]],
        ["nothing was measured", []],
        ["the winner changes more than once", [3, 0.5, 2, 2]],
    ] as const) {
        it(`is absent where ${what}`, () => {
            assert.equal(crossoverOf(values.map((ratio, index) => ratioAt(64 * 4 ** index, ratio))), undefined);
        });
    }

    it("covers the true crossover in 93% of simulated experiments or more, with an interval that is no wider than needed", () => {
        const sizes = [1024, 8192, 65_536, 524_288];
        const truth = 20_000;
        const next = normal(seededRandom(3));
        const trials = (medianNs: number) =>
            Array.from({ length: 6 }, () => binned(lognormal(medianNs * Math.exp(0.08 * next()), 0.05, 30, next)));
        const runs = 300;
        let hits = 0;
        let found = 0;
        let width = 0;
        for (let run = 0; run < runs; run++) {
            const ratios = sizes.map((size): Ratio => {
                const volume = estimateOf(trials(100_000 * (truth / size) ** 0.1), run);
                const network = estimateOf(trials(100_000), run);
                assert.ok(volume && network);
                const ratio = ratioOf(volume, network);
                return { size, ...ratio, verdict: verdictOf(ratio.interval), withinNoise: false };
            });
            const crossover = crossoverOf(ratios);
            if (crossover === undefined) continue;
            found++;
            const { lowSize = 0, highSize = Number.POSITIVE_INFINITY } = crossover;
            if (lowSize <= truth && truth <= highSize) hits++;
            width += Math.min(20, Math.log(highSize / lowSize)) / runs;
        }
        assert.ok(found > 0.6 * runs, `${found} of ${runs} have a crossover`);
        assert.ok(hits / found >= 0.93, `${hits} of ${found}`);
        assert.ok(hits < found, "an interval that never misses is too wide");
        assert.ok(width < Math.log(sizes.at(-1) as number), `${width}`);
    }).timeout(30_000);
});
