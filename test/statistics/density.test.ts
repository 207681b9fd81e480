import assert from "node:assert/strict";
import type { DensityStep } from "../../model/density.ts";
import type { Injection } from "../../model/scenarios.ts";
import { bandOf, densityCellsOf, doublingOf, lineThrough, type Point } from "../../statistics/density.ts";
import { durationOf } from "../../statistics/order.ts";
import { seededRandom } from "../../statistics/random.ts";
import { normal } from "../model/fixtures.ts";
import { densityInjection } from "../report/density.ts";

const numbers = [1, 2, 4, 8];
const never = Number.POSITIVE_INFINITY;
const pointsOf = (...values: number[]): Point[] =>
    values.map((value, index) => ({ pairs: numbers[index] as number, value }));

describe("the line through points", () => {
    it("is exact if they are on a line, in any order, and one outlier does not move it", () => {
        assert.deepEqual(lineThrough(pointsOf(5, 7, 11, 19)), { slope: 2, intercept: 3 });
        assert.deepEqual(lineThrough(pointsOf(5, 7, 11, 19).reverse()), { slope: 2, intercept: 3 });
        assert.deepEqual(lineThrough([...pointsOf(5, 7, 11, 19), { pairs: 3, value: 100 }]), {
            slope: 2,
            intercept: 3,
        });
    });

    it("is the median of the slopes between any two points", () => {
        // 1, 2, 4 to 10, 11, 19: slopes 1 (1 to 2), 3 (1 to 4), 4 (2 to 4).
        assert.equal(lineThrough(pointsOf(10, 11, 19))?.slope, 3);
    });

    it("does not exist for one number of pairs, and has no end if a figure has none", () => {
        assert.equal(lineThrough(pointsOf(5)), undefined);
        assert.equal(lineThrough([...pointsOf(5), ...pointsOf(7)]), undefined);
        assert.equal(lineThrough(pointsOf(5, 7, never))?.slope, never);
    });
});

describe("the number of pairs at which a figure is doubled", () => {
    it("lies between two numbers in proportion", () => {
        assert.equal(doublingOf(pointsOf(10, 14, 22, 40)), 3.5);
        assert.equal(doublingOf(pointsOf(10, 20, 30, 40)), 2);
        assert.equal(doublingOf(pointsOf(10, 30, 30, 40)), 1.5);
    });

    it("is not reached if the figure stays below", () => {
        assert.equal(doublingOf(pointsOf(10, 12, 14, 19.9)), never);
        assert.equal(doublingOf(pointsOf(10)), never);
    });

    it("is found in figures that never fall: neighbours that do are replaced by their mean", () => {
        // 10, 22, 16, 30 becomes 10, 19, 19, 30: 20 is 1/11 of the way from 4 to 8.
        assert.equal(doublingOf(pointsOf(10, 22, 16, 30)), 4 + 4 / 11);
        // The one of a single pair is raised too: 15, 15, 25, 40 reaches 30 a third of the way.
        assert.equal(doublingOf(pointsOf(20, 10, 25, 40)), 4 + 4 / 3);
    });

    it("is the number at which messages were no longer acknowledged, and unknown if they never were", () => {
        assert.equal(doublingOf(pointsOf(10, 12, never, never)), 4);
        assert.equal(doublingOf(pointsOf(never, 12, 14, 16)), undefined);
        assert.equal(doublingOf(pointsOf(10, 12, 14, 40).slice(1)), undefined);
    });
});

/** Figures of 1, 2, 4 and 8 pairs whose true slope is 2: scatter of each, and one that all of an injection share. */
const worlds: Record<string, (next: () => number) => Point[]> = {
    "the same scatter for each number": (next) => pointsOf(...numbers.map((n) => 10 + 2 * n + next())),
    "more scatter with more pairs": (next) => pointsOf(...numbers.map((n) => 10 + 2 * n + 0.4 * n * next())),
    "whole injections that differ": (next) => {
        const [level, slope] = [5 * next(), 2 + 0.5 * next()];
        return pointsOf(...numbers.map((n) => 10 + level + slope * n + next()));
    },
    "single outliers on both sides": (next) =>
        pointsOf(...numbers.map((n) => 10 + 2 * n + next() * (Math.abs(next()) > 1.6 ? 12 : 1))),
};

describe("the interval of a slope", () => {
    for (const [world, draw] of Object.entries(worlds)) {
        for (const injections of [6, 20]) {
            it(`holds the true one in 92 to 98% of experiments: ${world}, ${injections} injections`, () => {
                const next = normal(seededRandom(injections));
                const runs = 3000;
                let hits = 0;
                for (let run = 0; run < runs; run++) {
                    const slopes = Array.from(
                        { length: injections },
                        () => lineThrough(draw(next))?.slope ?? Number.NaN,
                    );
                    const [low, high] = durationOf(slopes).interval ?? [Number.NaN, Number.NaN];
                    if (low <= 2 && 2 <= high) hits += 1;
                }
                assert.ok(hits / runs >= 0.92 && hits / runs <= 0.98, `${hits / runs}`);
            });
        }
    }
});

describe("the lines of several injections as one", () => {
    it("are their median, with an interval from 6 on", () => {
        const lines = Array.from({ length: 7 }, (_, index) => pointsOf(...numbers.map((n) => 10 + (index + 1) * n)));
        assert.deepEqual(bandOf(lines, [1, 8]), [
            { pairs: 1, value: 14, interval: [11, 17] },
            { pairs: 8, value: 42, interval: [18, 66] },
        ]);
        assert.deepEqual(bandOf(lines.slice(0, 3), [1]), [{ pairs: 1, value: 12 }]);
        assert.deepEqual(bandOf([pointsOf(1, 2, never)], [1]), []);
    });
});

describe("the density of a topology", () => {
    const of = (...injections: Injection[]) => densityCellsOf(injections);
    const change = (steps: Partial<DensityStep>[], index = 0): Injection => {
        const injection = densityInjection(index, "network");
        const density = injection.density ?? { steps: [], unfit: [] };
        return {
            ...injection,
            density: { ...density, steps: density.steps.map((step, at) => ({ ...step, ...steps[at] })) },
        };
    };

    it("knows the true slopes and the true doubling of injections without scatter", () => {
        const [network, volume] = of(
            ...Array.from({ length: 6 }, (_, index) => densityInjection(index, "network")),
            ...Array.from({ length: 6 }, (_, index) => densityInjection(6 + index, "volume")),
        );
        assert.deepEqual(
            network?.slopes,
            figures({ p50Seconds: 0.0002, p99Seconds: 0.002, cpuCores: 0.06, memoryBytes: 1.2e8, otherCores: 0.02 }),
        );
        assert.deepEqual(network?.doubling, { median: 3, interval: [3, 3] });
        assert.deepEqual(volume?.doubling, { median: null, interval: [null, null] });
        assert.deepEqual(
            [network, volume].map((cell) => [cell?.podsPerPair, cell?.addressesPerPair, cell?.injections]),
            [
                [2, 2, 6],
                [1, 1, 6],
            ],
        );
        assert.deepEqual(
            network?.steps.map(({ pairs, p99Seconds }) => [pairs, p99Seconds]),
            [0.004, 0.006, 0.01, 0.018].map((median, index) => [
                numbers[index],
                { median, interval: [median, median] },
            ]),
        );
    });

    it("takes the pair in the middle, and counts one that was not acknowledged as the slowest", () => {
        const pair = (p99Seconds: number | null) => ({ p50Seconds: 0.001, p99Seconds });
        const [cell] = of(change([{ latencies: [pair(0.003), pair(null), pair(0.009)] }]));
        assert.deepEqual(cell?.steps[0]?.p99Seconds, { median: 0.009 });
        const [other] = of(change([{ latencies: [pair(null)], unacknowledged: 7 }]));
        assert.deepEqual([other?.steps[0]?.p99Seconds, other?.unacknowledged], [{ median: null }, 7]);
        assert.deepEqual(other?.slopes?.p99Seconds, { median: null });
        assert.equal(other?.doubling, undefined);
    });

    it("says why a figure is missing, and compares machines only if there are as many each time", () => {
        const [cell] = of(change([{}, { cpuCores: { unavailable: "no cgroup" } }]), change([{ machines: 2 }], 1));
        assert.deepEqual(cell?.slopes?.cpuCores, { unavailable: "no cgroup" });
        assert.deepEqual(cell?.steps[0]?.cpuCores, { median: 0.1 });
        assert.ok(cell?.slopes !== undefined && "unavailable" in cell.slopes.otherCores);
    });

    it("counts what did not fit, and needs no slope then", () => {
        const unfit = [{ pairs: 8, reason: "12 of 16 Pods run: Insufficient memory" }];
        const short = (index: number, steps: number): Injection => {
            const { density, ...injection } = densityInjection(index, "network");
            return { ...injection, density: { steps: (density?.steps ?? []).slice(0, steps), unfit } };
        };
        const [cell] = of(short(0, 1), short(1, 1));
        assert.deepEqual(cell?.unfit, [{ ...unfit[0], injections: 2 }]);
        assert.equal(cell?.slopes, undefined);
    });

    it("ignores injections without steps", () => {
        const { density: _, ...other } = densityInjection(0, "network");
        assert.deepEqual(of(other, { ...other, density: { steps: [], unfit: [] } }), []);
    });
});

function figures(medians: Record<string, number>) {
    return Object.fromEntries(
        Object.entries(medians).map(([name, median]) => [name, { median, interval: [median, median] }]),
    );
}
