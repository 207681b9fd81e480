import assert from "node:assert/strict";
import fc from "fast-check";
import type { Change } from "../../model/comparison.ts";
import { changesOf, isSignificant, outcomeOf, overallChange, type SizeFigures } from "../../statistics/change.ts";
import type { LogFigure } from "../../statistics/log-figure.ts";
import { studentQuantile } from "../../statistics/student.ts";

const arm = ["faster", "slower"] as const;
const figure = (value: number, error = 0.02, trials = 10): LogFigure => ({
    log: Math.log(value),
    contributions: [{ variance: error ** 2, trials }],
});
/** Both sides of some sizes with the same error. */
const figures = (...changes: [a: number, b: number][]): SizeFigures[] =>
    changes.map(([a, b], index) => ({ size: 64 * 2 ** index, a: [figure(a)], b: [figure(b)] }));
/** Shrinking dozens of numbers to the simplest failing ones takes minutes, and shows no more than the first. */
const some: fc.Parameters<unknown> = { endOnFailure: true };
const near = (actual: number | undefined, expected: number, relative = 1e-5) =>
    assert.ok(Math.abs((actual ?? Number.NaN) / expected - 1) <= relative, `${actual} is not ${expected}`);
const at = (sizes: readonly Change[], index: number) => sizes[index] ?? assert.fail(`there is no size ${index}`);

describe("changesOf", () => {
    it("is B over A, with both values", () => {
        const { size, a, b, factor } = at(changesOf(figures([0.001, 0.0012]), arm), 0);
        assert.deepEqual([size, a, b, factor], [64, 0.001, 0.0012, 1.2]);
    });

    it("has intervals that hold jointly for all sizes with 95%", () => {
        for (const count of [1, 4, 16]) {
            const changes = changesOf(figures(...Array.from({ length: count }, (): [number, number] => [1, 1])), arm);
            const [, high] = at(changes, 0).interval ?? [];
            near(Math.log(high ?? 0), studentQuantile(18, 1 - 0.05 / count) * 0.02 * Math.SQRT2, 1e-4);
        }
    });

    it("leaves nothing to the sizes that can't be compared", () => {
        const missing: SizeFigures = { size: 1024, a: ["run x has none"], b: [figure(1)] };
        const changes = changesOf([...figures([1, 1]), missing], arm);
        assert.deepEqual(at(changes, 0), at(changesOf(figures([1, 1]), arm), 0));
    });

    it("is inconclusive with the reasons of both sides if they have no interval", () => {
        const lacking: SizeFigures = { size: 64, a: [figure(1), "run x has none"], b: ["run y has none"] };
        const reason = "A: run x has none; B: run y has none";
        assert.deepEqual(changesOf([lacking], arm), [{ size: 64, outcome: "inconclusive", reason }]);
        assert.deepEqual(overallChange(lacking, arm), { outcome: "inconclusive", reason });
    });

    it("over all sizes has a 95% CI by itself", () => {
        const { factor, interval, outcome } = overallChange({ a: [figure(1)], b: [figure(1.2)] }, arm);
        assert.equal(factor, 1.2);
        near(interval?.[0], 1.2 * Math.exp(-studentQuantile(18) * 0.02 * Math.SQRT2), 1e-4);
        assert.equal(outcome, "slower");
    });

    const sides = fc.array(fc.tuple(...[0, 1].map(() => fc.double({ min: 1e-5, max: 1, noNaN: true }))), {
        minLength: 1,
        maxLength: 16,
    }) as fc.Arbitrary<[number, number][]>;

    it("from B to A is the inverse of that from A to B", () => {
        const turned = { slower: "faster", faster: "slower" } as const;
        fc.assert(
            fc.property(sides, (values) => {
                const forth = changesOf(figures(...values), arm);
                const back = changesOf(figures(...values.map(([a, b]): [number, number] => [b, a])), arm);
                for (const [index, change] of forth.entries()) {
                    const other = back[index];
                    near(other?.factor, 1 / (change.factor ?? 0));
                    near(other?.interval?.[0], 1 / (change.interval?.[1] ?? 0));
                    const outcome = change.outcome as keyof typeof turned;
                    assert.equal(other?.outcome, turned[outcome] ?? outcome);
                }
            }),
            some,
        );
    });

    it("is multiplied if all of B is, and its interval's width stays", () => {
        fc.assert(
            fc.property(sides, fc.double({ min: 0.1, max: 10, noNaN: true }), (values, times) => {
                const before = changesOf(figures(...values), arm);
                const after = changesOf(figures(...values.map(([a, b]): [number, number] => [a, b * times])), arm);
                for (const [index, change] of before.entries()) {
                    const other = after[index];
                    near(other?.factor, (change.factor ?? 0) * times);
                    near(other?.interval?.[1], (change.interval?.[1] ?? 0) * times);
                }
            }),
            some,
        );
    });
});

describe("outcomeOf", () => {
    for (const [low, high, expected] of [
        [0.98, 1.02, "no difference"],
        [1.001, 1.03, "no difference"],
        [1.001, 1.031, "slower"],
        [1.2, 1.4, "slower"],
        [0.6, 0.999, "faster"],
        [0.97, 1.03, "no significant change"],
        [1, 1.2, "no significant change"],
        [0.5, 2, "no significant change"],
    ] as const) {
        it(`of an interval from ${low} to ${high} is "${expected}"`, () => {
            assert.equal(outcomeOf([low, high], arm), expected);
        });
    }

    it("calls a ratio higher or lower", () => {
        assert.equal(outcomeOf([1.1, 1.2], ["lower", "higher"]), "higher");
        assert.equal(outcomeOf([0.8, 0.9], ["lower", "higher"]), "lower");
    });
});

describe("isSignificant", () => {
    it("is a change in one direction", () => {
        const all = [
            "slower",
            "faster",
            "higher",
            "lower",
            "no difference",
            "no significant change",
            "inconclusive",
        ] as const;
        assert.deepEqual(all.filter(isSignificant), ["slower", "faster", "higher", "lower"]);
    });
});
