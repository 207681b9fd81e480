import assert from "node:assert/strict";
import fc from "fast-check";
import { type Outcome, outcomes } from "../../model/outcomes.ts";
import { countsOf, disruptionOf, outagesOf, recoveryOf, type Slot } from "../../statistics/injection.ts";
import { dueOf } from "../../statistics/timetable.ts";

const rate = 50;
const usual = 0.002;
const deadline = 0.1;

/** A minute before an injection and two after it, all on time except in these spans, given in seconds. */
function slots(...spans: [from: number, to: number, outcome: Outcome, seconds?: number][]): Slot[] {
    return Array.from({ length: 180 * rate }, (_, index) => {
        const at = index / rate - 60;
        const [, , outcome, seconds] = spans.find(([from, to]) => at >= from && at < to) ?? [];
        if (outcome === undefined) return { at, outcome: "on-time", seconds: usual };
        return { at, outcome, ...(seconds !== undefined && { seconds }) };
    });
}
const near = (found: number | undefined, expected: number) =>
    assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1.5 / rate, `${found}, expected ${expected}`);

describe("the disruption of an injection", () => {
    it("is nothing if all slots are on time", () => {
        const { outcomes: counts, ...rest } = disruptionOf(slots(), rate, deadline);
        assert.equal(counts["on-time"], 180 * rate);
        assert.deepEqual(rest, { outageSeconds: 0, badSeconds: 0, recoverySeconds: 0, baselineSeconds: 0.002 });
    });

    it("is found as it was simulated", () => {
        const found = disruptionOf(slots([0.5, 3, "failed"], [3, 3.4, "late", 0.2]), rate, deadline);
        near(found.detectionSeconds, 0.5);
        near(found.outageSeconds, 2.9);
        near(found.badSeconds, 2.9);
        // Up to 0.1% of the 30 s may be bad: the window begins on time, so not in the outage.
        near(found.recoverySeconds, 3.4);
    });

    it("doesn't count what was before, nor a late message long after", () => {
        const found = disruptionOf(slots([-20, -18, "failed"], [1, 2, "lost"], [50, 50.02, "late"]), rate, deadline);
        near(found.outageSeconds, 1);
        near(found.badSeconds, 1.02);
    });

    it("has no recovery if service is slower than before to the end, or bad again and again", () => {
        assert.equal("recoverySeconds" in disruptionOf(slots([1, 120, "on-time", 0.003]), rate, deadline), false);
        const again = Array.from({ length: 12 }, (_, i): [number, number, Outcome] => [10 * i, 10 * i + 0.1, "failed"]);
        const found = disruptionOf(slots(...again), rate, deadline);
        assert.equal("recoverySeconds" in found, false);
        near(found.outageSeconds, 0.1);
    });

    it("compares with the deadline if nothing arrived before", () => {
        near(disruptionOf(slots([-60, 2, "not-offered"]), rate, deadline).recoverySeconds, 2);
    });
});

describe("outages", () => {
    it("are merged over gaps under a second, and not over longer ones", () => {
        const spans = (gap: number) => outagesOf(slots([1, 2, "failed"], [2 + gap, 4, "lost"]), rate);
        assert.equal(spans(0.9).length, 1);
        assert.equal(spans(1.1).length, 2);
        near(spans(0.9)[0]?.seconds, 3);
    });
});

describe("a load whose rate changes", () => {
    /** 10 slots a second for 10 s before the injection, 30 for a minute after it, then 10 for another minute. */
    const timetable = {
        ratePerSecond: 10,
        steps: [10, 70].map((fromSeconds, index) => ({ fromSeconds, ratePerSecond: [30, 10][index] as number })),
    };
    const surge = (isBad: (at: number) => boolean): Slot[] =>
        Array.from({ length: 100 + 1800 + 600 }, (_, slot) => {
            const at = dueOf(timetable, slot) - 10;
            return isBad(at) ? { at, outcome: "failed" } : { at, outcome: "on-time", seconds: usual };
        });

    it("has outages as long as their slots, at either rate", () => {
        const close = (found: number | undefined, expected: number) =>
            assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-6, `${found}`);
        const fast = disruptionOf(
            surge((at) => at >= 3 - 1e-9 && at < 5 - 1e-9),
            10,
            deadline,
        );
        close(fast.outageSeconds, 2);
        close(fast.badSeconds, 2);
        assert.equal(fast.outcomes.failed, 60);
        const slow = disruptionOf(
            surge((at) => at >= 80 - 1e-9 && at < 82 - 1e-9),
            10,
            deadline,
        );
        close(slow.outageSeconds, 2);
        assert.equal(slow.outcomes.failed, 20);
    });

    it("has recovered after 30 s as before, however many slots they have", () => {
        near(
            disruptionOf(
                surge((at) => at >= 0 && at < 1 - 1e-9),
                10,
                deadline,
            ).recoverySeconds,
            1,
        );
        // 99.9% of the slots of 30 s: at 30 a second none may be bad, so it has recovered only after the last.
        const again = surge((at) => at >= 0 && at < 90 && Math.round(at * 10) % 100 === 0);
        assert.ok((disruptionOf(again, 10, deadline).recoverySeconds ?? 0) > 80);
        assert.equal(
            "recoverySeconds" in
                disruptionOf(
                    surge((at) => at >= 95),
                    10,
                    deadline,
                ),
            true,
        );
        assert.equal(
            "recoverySeconds" in
                disruptionOf(
                    surge((at) => at % 25 < 0.5),
                    10,
                    deadline,
                ),
            false,
        );
    });
});

describe("any load", () => {
    const outcome = fc.constantFrom(...outcomes);
    const load = fc.array(fc.record({ outcome, seconds: fc.double({ min: 1e-4, max: 1, noNaN: true }) }), {
        minLength: 1,
        maxLength: 4000,
    });
    const placed = load.map((all): Slot[] => all.map((one, index) => ({ at: index / rate - 5, ...one })));

    it("has outcomes that sum to its slots, and outages that hold each bad slot", () => {
        fc.assert(
            fc.property(placed, (all) => {
                const counts = countsOf(all);
                assert.equal(
                    Object.values(counts).reduce((sum, one) => sum + one, 0),
                    all.length,
                );
                const outages = outagesOf(all, rate);
                for (const { at, outcome: what } of all) {
                    const isIn = outages.some((one) => at >= one.at && at < one.at + one.seconds - 1e-9);
                    assert.ok(what === "on-time" || isIn, `${at}`);
                }
                const bad = all.filter(({ at, outcome: what }) => at >= 0 && what !== "on-time").length / rate;
                const found = disruptionOf(all, rate, deadline);
                near(found.badSeconds, bad);
                assert.ok(found.outageSeconds <= all.length / rate + 1e-9);
            }),
        );
    });

    it("has a recovery only if 30 s of it follow, of which nearly all are on time", () => {
        fc.assert(
            fc.property(placed, (all) => {
                const after = all.filter(({ at }) => at >= 0);
                const at = recoveryOf(after, rate, usual);
                if (at === undefined) return;
                const held = after.filter((slot) => slot.at >= at).slice(0, 30 * rate);
                assert.equal(held.length, 30 * rate);
                assert.ok(held.filter((slot) => slot.outcome === "on-time").length >= 0.999 * held.length);
            }),
        );
    });
});
