import assert from "node:assert/strict";
import fc from "fast-check";
import { estimateFrom, type LogFigure, logChange, logFigureOf, meanOverRuns } from "../../statistics/log-figure.ts";
import { halfWidth, intervalOf, ratioOf } from "../../statistics/ratio.ts";

const near = (actual: number | undefined, expected: number, relative: number) =>
    assert.ok(Math.abs((actual ?? Number.NaN) / expected - 1) <= relative, `${actual} is not ${expected}`);
const figure = (log: number, variance: number, trials = 10): LogFigure => ({
    log,
    contributions: [{ variance, trials }],
});

describe("estimateFrom", () => {
    it("is the value behind the interval", () => {
        fc.assert(
            fc.property(
                fc.double({ min: 1e-6, max: 1, noNaN: true }),
                fc.integer({ min: 2, max: 40 }),
                fc.double({ min: 1e-6, max: 0.1, noNaN: true }),
                (seconds, trials, logVariance) => {
                    const found = estimateFrom(seconds, intervalOf({ seconds, trials, logVariance }), trials);
                    assert.deepEqual([found.seconds, found.trials], [seconds, trials]);
                    near(found.logVariance, logVariance, 0.01); // the interval has 6 digits
                },
            ),
        );
    });

    it("has no variance without an interval, and with 1 trial", () => {
        assert.deepEqual(estimateFrom(0.001, undefined, 10), { seconds: 0.001, trials: 10 });
        assert.deepEqual(estimateFrom(0.001, [0.001, 0.001], 1), { seconds: 0.001, trials: 1 });
    });
});

describe("logFigureOf", () => {
    const [volume, network] = [
        { seconds: 6e-4, trials: 10, logVariance: 0.001 },
        { seconds: 1e-4, trials: 5, logVariance: 0.004 },
    ];
    it("of two estimates is their ratio, with the interval that a run gives it", () => {
        const { log, contributions } = logFigureOf(volume, network) as LogFigure;
        near(Math.exp(log), 6, 1e-12);
        const half = halfWidth(contributions) as number;
        const [low, high] = ratioOf(volume, network).interval as [number, number];
        near(Math.exp(log - half), low, 1e-5);
        near(Math.exp(log + half), high, 1e-5);
    });

    it("does not exist without both variances", () => {
        assert.equal(logFigureOf({ seconds: 1, trials: 1 }), undefined);
        assert.equal(logFigureOf(volume, { seconds: 1, trials: 1 }), undefined);
    });
});

describe("meanOverRuns", () => {
    it("of one run is that run's figure", () => {
        assert.deepEqual(meanOverRuns([figure(0.5, 0.01, 4)]), figure(0.5, 0.01, 4));
    });

    it("of runs that agree has the mean of their variances over their number, with their degrees of freedom", () => {
        assert.deepEqual(meanOverRuns([figure(1, 0.01, 4), figure(1, 0.03, 6)]), {
            log: 1,
            contributions: [
                { variance: 0.01 / 4, trials: 4 },
                { variance: 0.03 / 4, trials: 6 },
                { variance: 0, trials: 2 },
            ],
        });
    });

    it("of runs that scatter beyond their variances includes that, with one degree of freedom less than runs", () => {
        const { log, contributions } = meanOverRuns([0.8, 1, 1.2].map((value) => figure(value, 0.01)));
        near(log, 1, 1e-12);
        assert.equal(contributions.length, 4);
        // the runs scatter with a variance of 0.04, of which 0.01 is their own
        near(contributions[3]?.variance, 0.03 / 3, 1e-9);
        assert.equal(contributions[3]?.trials, 3);
    });

    it("is never more certain than the scatter of the runs and their own variances", () => {
        const some = fc.array(
            fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0.001, max: 0.1, noNaN: true })),
            {
                minLength: 2,
                maxLength: 6,
            },
        );
        fc.assert(
            fc.property(some, (runs) => {
                const k = runs.length;
                const variance = meanOverRuns(runs.map(([log, own]) => figure(log, own))).contributions.reduce(
                    (total, contribution) => total + contribution.variance,
                    0,
                );
                const mean = runs.reduce((total, [log]) => total + log, 0) / k;
                const scatter = runs.reduce((total, [log]) => total + (log - mean) ** 2, 0) / (k - 1);
                const own = runs.reduce((total, [, each]) => total + each, 0) / k;
                near(variance, Math.max(scatter, own) / k, 1e-9);
            }),
        );
    });
});

describe("logChange", () => {
    it("is the difference of the logarithms, uncertain by both", () => {
        assert.deepEqual(logChange(figure(1, 0.01), figure(1.5, 0.02)), {
            log: 0.5,
            contributions: [
                { variance: 0.02, trials: 10 },
                { variance: 0.01, trials: 10 },
            ],
        });
    });
});
