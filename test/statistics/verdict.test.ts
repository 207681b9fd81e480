import assert from "node:assert/strict";
import fc from "fast-check";
import type { Ratio, Verdict } from "../../model/results.ts";
import { runsOf, verdictOf } from "../../statistics/verdict.ts";

const letters = { N: "network faster", V: "volume faster", "=": "no difference", "?": "inconclusive" } as const;

/** Ratios at 64, 128, 256 ... B, one letter each. */
function ratiosOf(text: string): Ratio[] {
    return [...text].map((letter, power) => ({
        size: 64 * 2 ** power,
        ratio: 1,
        withinNoise: false,
        verdict: letters[letter as keyof typeof letters],
    }));
}

describe("verdictOf", () => {
    for (const [interval, expected] of [
        [[1.2, 1.4], "network faster"],
        [[1.001, 1.05], "network faster"],
        [[0.5, 0.6], "volume faster"],
        [[0.95, 0.999], "volume faster"],
        [[0.98, 1.02], "no difference"],
        [[1 / 1.03, 1.03], "no difference"],
        [[1.01, 1.02], "no difference"], // excludes 1, but is too small to matter
        [[0.9, 1.1], "inconclusive"],
        [[0.99, 1.04], "inconclusive"],
        [[1, 1.2], "inconclusive"],
        [[0.8, 1], "inconclusive"],
    ] as [[number, number], Verdict][]) {
        it(`is "${expected}" for an interval of ${interval.map((end) => end.toFixed(3)).join(" to ")}`, () => {
            assert.equal(verdictOf(interval), expected);
        });
    }

    it("decides nothing without an interval", () => {
        assert.equal(verdictOf(undefined), "inconclusive");
    });

    it("favours the other arm when the arms change places", () => {
        const swapped: Record<Verdict, Verdict> = {
            "network faster": "volume faster",
            "volume faster": "network faster",
            "no difference": "no difference",
            inconclusive: "inconclusive",
        };
        const end = fc.double({ min: 0.2, max: 5, noNaN: true });
        fc.assert(
            fc.property(end, end, (one, other) => {
                const [low, high] = [Math.min(one, other), Math.max(one, other)];
                assert.equal(verdictOf([1 / high, 1 / low]), swapped[verdictOf([low, high])]);
            }),
        );
    });
});

describe("runsOf", () => {
    it("groups decided sizes by winner and leaves out the others", () => {
        const runs = runsOf(ratiosOf("?NN=NV?VN"));
        assert.deepEqual(
            runs.map(({ winner, ratios }) => [winner, ratios.map(({ size }) => size)]),
            [
                ["network", [128, 256, 1024]],
                ["volume", [2048, 8192]],
                ["network", [16_384]],
            ],
        );
    });

    it("is empty where nothing is decided", () => {
        assert.deepEqual(runsOf(ratiosOf("?==?")), []);
    });
});
