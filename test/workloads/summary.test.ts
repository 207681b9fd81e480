import assert from "node:assert/strict";
import { decodeHistogram } from "../../statistics/histogram.ts";
import { spanOf, summarize } from "../../workloads/summary.ts";

const lane = (samples: number[], startNs: number, elapsedNs: number) => ({
    run: { count: samples.length, startNs, elapsedNs },
    samples: Float64Array.from(samples),
});

describe("summarize", () => {
    it("has sum, extremes and trend", () => {
        const one = lane([9, 1, 5, 4, 4, 4, 20, 30, 10], 0, 100);
        const cell = summarize([one]);
        assert.equal(cell.roundTrips, 9);
        assert.equal(cell.elapsedSeconds, 100e-9);
        assert.equal(cell.sumSeconds, 87e-9);
        assert.equal(cell.minSeconds, 1e-9);
        assert.equal(cell.maxSeconds, 30e-9);
        assert.equal(cell.firstThirdP50Seconds, 5e-9);
        assert.equal(cell.lastThirdP50Seconds, 20e-9);
        assert.deepEqual([...one.samples.slice(0, 3)], [9, 1, 5], "the order is kept");
    });

    it("combines the lanes of a cell, from the first start to the last end", () => {
        const lanes = [lane([10, 20, 30], 100, 60), lane([40, 50, 60, 70, 80, 90], 50, 400)];
        const cell = summarize(lanes);
        assert.equal(cell.roundTrips, 9);
        assert.deepEqual(spanOf(lanes), { fromNs: 50, toNs: 450 });
        assert.equal(cell.elapsedSeconds, 400e-9);
        assert.equal(cell.sumSeconds, 450e-9);
        assert.deepEqual([cell.minSeconds, cell.maxSeconds], [10e-9, 90e-9]);
        // Thirds of time: 10, 40, 50 and 30, 80, 90; not the first three and the last three of all.
        assert.deepEqual([cell.firstThirdP50Seconds, cell.lastThirdP50Seconds], [40e-9, 80e-9]);
        assert.deepEqual(decodeHistogram(cell.histogram).values, [10, 20, 30, 40, 50, 60, 70, 80, 90]);
    });

    it("is 0 without round trips", () => {
        const { roundTrips, minSeconds, maxSeconds, lastThirdP50Seconds } = summarize([lane([], 0, 0)]);
        assert.deepEqual([roundTrips, minSeconds, maxSeconds, lastThirdP50Seconds], [0, 0, 0, 0]);
    });
});
