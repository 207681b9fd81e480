import assert from "node:assert/strict";
import fc from "fast-check";
import { dueOf, slotsIn, type Timetable } from "../../statistics/timetable.ts";

/** 10 slots a second, 30 from second 4 to second 6, then 10 again. */
const surge: Timetable = {
    ratePerSecond: 10,
    steps: [
        { fromSeconds: 4, ratePerSecond: 30 },
        { fromSeconds: 6, ratePerSecond: 10 },
    ],
};

const rate = fc.double({ min: 0.5, max: 500, noNaN: true });
const timetable = fc
    .record({
        ratePerSecond: rate,
        steps: fc.array(fc.record({ seconds: fc.double({ min: 0.1, max: 100, noNaN: true }), ratePerSecond: rate })),
    })
    .map(({ ratePerSecond, steps }): Timetable => {
        let from = 0;
        return {
            ratePerSecond,
            steps: steps.map((step) => {
                from += step.seconds;
                return { fromSeconds: from, ratePerSecond: step.ratePerSecond };
            }),
        };
    });

describe("a timetable", () => {
    it("has slot i due at i / rate if the rate is constant", () => {
        assert.deepEqual(
            [0, 1, 24].map((slot) => dueOf({ ratePerSecond: 12 }, slot)),
            [0, 1 / 12, 2],
        );
        assert.equal(slotsIn({ ratePerSecond: 12 }, 2.5), 30);
    });

    it("has each step of the rate begin at its time", () => {
        // 40 slots until second 4, 60 in the next two seconds.
        assert.deepEqual(
            [39, 40, 43, 100, 110].map((slot) => Number(dueOf(surge, slot).toFixed(9))),
            [3.9, 4, 4.1, 6, 7],
        );
        assert.deepEqual(
            [0, 4, 5, 6, 10].map((seconds) => slotsIn(surge, seconds)),
            [0, 40, 70, 100, 140],
        );
    });

    it("counts what would have been due before its start below 0", () => {
        assert.equal(slotsIn(surge, -1), -10);
    });

    it("has slots in order, and as many before one is due as its number", () => {
        fc.assert(
            fc.property(timetable, fc.nat({ max: 50_000 }), (table, slot) => {
                const due = dueOf(table, slot);
                assert.ok(due >= 0 && dueOf(table, slot + 1) > due);
                assert.ok(
                    Math.abs(slotsIn(table, due) - slot) < 1e-6 * (1 + slot),
                    `${slotsIn(table, due)} of ${slot}`,
                );
            }),
        );
    });
});
