import assert from "node:assert/strict";
import fc from "fast-check";
import type { Elasticity, ReplicaStep } from "../../model/elasticity.ts";
import {
    elasticityCellOf,
    firstTime,
    mismatchOf,
    overlapOf,
    replicasAt,
    replicasFor,
    type Scaled,
    spansOf,
    stepsOf,
} from "../../statistics/elasticity.ts";

const steps = (...pairs: [atSeconds: number, replicas: number][]): ReplicaStep[] =>
    pairs.map(([atSeconds, replicas]) => ({ atSeconds, replicas }));

/** Some steps from before the injection on. */
const anySteps = fc
    .array(
        fc.record({
            atSeconds: fc.double({ min: 0, max: 120, noNaN: true }),
            replicas: fc.integer({ min: 1, max: 9 }),
        }),
    )
    .map((all) => [{ atSeconds: -1, replicas: 1 }, ...all.toSorted((one, other) => one.atSeconds - other.atSeconds)]);

describe("the replicas that a load needs", () => {
    const cores = { idleCores: 0.003, targetCores: 0.015 };

    it("are the fewest with which none uses more than 110% of the target", () => {
        // Each can take 16.5m - 3m of work, which is all that exceeds 3m.
        assert.equal(replicasFor(0.012, cores), 1);
        assert.equal(replicasFor(0.0164, cores), 1);
        assert.equal(replicasFor(0.0166, cores), 2);
        assert.equal(replicasFor(0.057, cores), 4);
    });

    it("are one without work, and no number is enough if they use too much without any", () => {
        assert.equal(replicasFor(0.002, cores), 1);
        assert.equal(replicasFor(0.03, { ...cores, idleCores: 0.02 }), Number.POSITIVE_INFINITY);
    });
});

describe("too few and too many replicas", () => {
    it("are as computed by hand", () => {
        const demand = steps([-1, 1], [0, 3], [60, 1]);
        const supply = steps([-5, 1], [20, 2], [40, 3], [90, 1]);
        // Of 120 s: 2 of 3 missing for 20 s, 1 of 3 for 20 s; 2 too many of 1 for 30 s.
        assert.deepEqual(mismatchOf(demand, supply, 120), {
            under: { timeShare: 0.333333, depth: 0.166667 },
            over: { timeShare: 0.25, depth: 0.5 },
        });
    });

    it("don't count what was before the injection, nor after the end", () => {
        const supply = steps([-50, 4], [-1, 2], [70, 5]);
        assert.deepEqual(mismatchOf(steps([-9, 1], [0, 2]), supply, 60), {
            under: { timeShare: 0, depth: 0 },
            over: { timeShare: 0, depth: 0 },
        });
    });

    it("are never more than all the time, none if both are equal, and change sides with them", () => {
        fc.assert(
            fc.property(anySteps, anySteps, (demand, supply) => {
                const { under, over } = mismatchOf(demand, supply, 100);
                assert.ok(under.timeShare + over.timeShare <= 1 + 1e-5);
                assert.ok(under.depth <= under.timeShare + 1e-5, "at most all of the need is missing");
                const turned = mismatchOf(supply, demand, 100);
                assert.equal(turned.over.timeShare, under.timeShare);
                const same = mismatchOf(demand, demand, 100);
                assert.deepEqual([same.under.timeShare, same.over.depth], [0, 0]);
            }),
        );
    });

    it("agree with a sum over many moments", () => {
        fc.assert(
            fc.property(anySteps, anySteps, (demand, supply) => {
                const moments = Array.from({ length: 4000 }, (_, index) => (index + 0.5) / 40);
                const missing = moments.map((at) => {
                    const needed = replicasAt(demand, at);
                    return Math.max(0, needed - replicasAt(supply, at)) / needed;
                });
                const mean = missing.reduce((sum, one) => sum + one, 0) / moments.length;
                const tolerance = (demand.length + supply.length) / moments.length;
                assert.ok(Math.abs(mismatchOf(demand, supply, 100).under.depth - mean) <= tolerance + 1e-5);
            }),
            { numRuns: 30 },
        );
    });
});

describe("replicas over time", () => {
    it("are counted from spans; only changes are steps", () => {
        const spans = [{ from: 0 }, { from: 5, to: 9 }, { from: 9, to: 12 }];
        assert.deepEqual(overlapOf(spans), steps([0, 1], [5, 2], [12, 1]));
        assert.deepEqual(stepsOf(steps([0, 1], [1, 1], [2, 3])), steps([0, 1], [2, 3]));
    });

    it("receive until a time without messages begins", () => {
        assert.deepEqual(spansOf([1, 2, 3, 8, 9], 5, 100), [
            { from: 1, to: 3 },
            { from: 8, to: 9 },
        ]);
        assert.deepEqual(spansOf([1, 2, 3, 7.9], 5, 100), [{ from: 1, to: 7.9 }]);
        assert.deepEqual(spansOf([], 5, 100), []);
    });

    it("receive on if nobody looks any more soon after the last message", () => {
        assert.deepEqual(spansOf([1, 2, 9], 5, 13.9), [
            { from: 1, to: 2 },
            { from: 9, to: undefined },
        ]);
        assert.deepEqual(spansOf([1, 2, 9], 5, 14), [
            { from: 1, to: 2 },
            { from: 9, to: 9 },
        ]);
    });

    it("reach a number at a step, at once if they are there, or never", () => {
        const found = steps([-9, 1], [31, 2], [40, 4], [80, 1]);
        const isMore = (replicas: number) => replicas > 1;
        assert.equal(firstTime(found, 0, isMore), 31);
        assert.equal(firstTime(found, 35, isMore), 35);
        assert.equal(firstTime(found, 90, isMore), undefined);
    });
});

describe("elasticity over injections", () => {
    const elasticity = (firstPodSeconds?: number, scaledDownSeconds?: number): Elasticity => ({
        ...{ idleCores: 0.003, usualCores: 0.01, higherCores: 0.02, targetCores: 0.015 },
        demand: steps([-1, 1], [0, 3], [300, 1]),
        wanted: steps([-1, 1], [30, 3]),
        ready: steps([-20, 1], ...(firstPodSeconds === undefined ? [] : [[firstPodSeconds, 3] as [number, number]])),
        flows: [
            {
                flow: "once",
                receiving: steps([-20, 1]),
                under: { timeShare: (firstPodSeconds ?? 300) / 450, depth: 0.1 },
                over: { timeShare: 0, depth: 0 },
            },
        ],
        ...(firstPodSeconds !== undefined && { firstPodSeconds }),
        ...(scaledDownSeconds !== undefined && { scaledDownSeconds }),
        complaints: [],
    });
    const scaled = (...all: [firstPod?: number, down?: number][]) =>
        all.map(([firstPod, down]) => ({
            ...{ scenario: "autoscale", topology: "network", watchedSeconds: 451 },
            elasticity: elasticity(firstPod, down),
        })) as [Scaled, ...Scaled[]];

    it("has medians, of Pods that came and went only where they did", () => {
        const cell = elasticityCellOf(scaled([30, 90], [40, 100], []));
        assert.deepEqual(
            [cell.injections, cell.watchedSeconds, cell.calmSeconds, cell.needed.median, cell.mostReady.median],
            [3, 451, 151, 3, 3],
        );
        assert.deepEqual(cell.firstPod, { median: 40, censored: 1 });
        assert.deepEqual(cell.scaledDown, { median: 95, censored: 0 });
        assert.deepEqual(cell.flows[0]?.under.timeShare, { median: 40 / 450 });
    });

    it("says so if no Pod came, or none went", () => {
        const none = elasticityCellOf(scaled([], []));
        assert.deepEqual([none.firstPod.median, none.scaledDown], [null, undefined]);
        assert.deepEqual(elasticityCellOf(scaled([30])).scaledDown, { median: null, censored: 1 });
    });

    it("has an interval from 6 injections on", () => {
        const six = elasticityCellOf(scaled(...Array.from({ length: 6 }, (_, at): [number, number] => [30 + at, 90])));
        assert.deepEqual(six.firstPod.interval, [30, 35]);
    });
});
