import assert from "node:assert/strict";
import { changeCoverage, significances } from "./compare-coverage.ts";

describe("coverage of a change's 95% CI over 1,000 simulated comparisons", function () {
    this.timeout(30_000); // 1 s at most; other tests may share the processors
    const coverage = (k: number, between: number, trials: number) =>
        changeCoverage({ k, between, trials, repetitions: 1000, seed: 1 });

    for (const trials of [3, 10]) {
        for (const k of [1, 2, 3, 5]) {
            it(`is 94 to 99% with ${k} a side of ${trials} trials each, where runs differ by their trials alone`, () => {
                const share = coverage(k, 0, trials);
                assert.ok(share >= 0.94 && share <= 0.99, `${share}`);
            });
        }
        for (const [k, least] of [
            [2, 0.9],
            [3, 0.92],
            [5, 0.92],
        ] as const) {
            it(`is not below ${100 * least}% with ${k} a side of ${trials} trials each, where runs differ by as much again or twice that`, () => {
                for (const between of [0.5, 1, 2]) {
                    const share = coverage(k, between, trials);
                    assert.ok(share >= least && share <= 0.985, `${between}: ${share}`);
                }
            });
        }
    }

    it("is not reached by one run a side where runs differ: it can't know, which the method says", () => {
        const share = coverage(1, 1, 10);
        assert.ok(share > 0.8 && share < 0.9, `${share}`);
    });
});

describe("changes called in 60 simulated comparisons of two runs at 16 sizes", () => {
    for (const trials of [3, 10]) {
        for (const [name, spread, shared] of [
            ["each size by itself", 0.05, 0],
            ["a trial with all its sizes", 0.01, 0.08],
        ] as const) {
            it(`of the same code are none in 9 of 10 comparisons or more, with ${trials} trials that scatter by ${name}`, () => {
                const { anySize, overall } = significances({
                    trials,
                    spread,
                    shared,
                    change: 0,
                    repetitions: 60,
                    seed: 2,
                });
                assert.ok(anySize <= 0.1, `at any size: ${anySize}`);
                assert.ok(overall <= 0.1, `over all sizes: ${overall}`);
            }).timeout(30_000); // 1.5 s; other tests may share the processors
        }
    }

    it("of 20% are found at most sizes, and over all of them always, with 10 trials that scatter by 7%", () => {
        const { sizes, overall } = significances({
            trials: 10,
            spread: 0.07,
            shared: 0.03,
            change: 0.2,
            repetitions: 40,
            seed: 2,
        });
        assert.ok(sizes > 0.75, `${sizes}`);
        assert.ok(overall > 0.99, `${overall}`);
    }).timeout(30_000);
});
