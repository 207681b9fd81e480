import assert from "node:assert/strict";
import fc from "fast-check";
import { headlineArms, mainArms, repeatArm } from "../../model/arms.ts";
import type { Trial } from "../../model/trial.ts";
import { givenUp, requiredTrials, trialKey, wideSizes } from "../../statistics/adaptive.ts";
import { seededRandom, shuffled } from "../../statistics/random.ts";
import { schedule } from "../../statistics/schedule.ts";
import { calm, cellsAt, everyModeAt, journalOf, planOf, trialOf } from "../model/fixtures.ts";

const plan = planOf({ rounds: 3, maxRounds: 6, arms: [...headlineArms, "volume/disk"] });
const noisy = { ...calm, between: 0.2 };
const quiet = { ...calm, between: 0.001, within: 0.02 };
const roundsOf = (trials: readonly { round: number }[]) => Math.max(...trials.map(({ round }) => round)) + 1;

/** Measures what is required until nothing is missing, as the driver does. @returns the journal */
function carriedOut(behaviour: typeof calm, cells = plan.cells): Trial[] {
    const all = journalOf({ ...plan, cells }, behaviour, 1, plan.maxRounds);
    const journal: Trial[] = [];
    for (;;) {
        const done = new Set(journal.map(trialKey));
        const missing = requiredTrials({ ...plan, cells }, journal).filter((trial) => !done.has(trialKey(trial)));
        if (missing.length === 0) return journal;
        journal.push(...missing.map(({ index }) => all[index] as Trial));
    }
}

describe("wideSizes", () => {
    it("are those whose interval is wider than allowed, or that have none", () => {
        const sizes = [64, 1024, 4096];
        const three = planOf({ rounds: 4, sizes });
        const journal = journalOf(three, quiet);
        assert.deepEqual(wideSizes(three, journal), []);
        assert.deepEqual(wideSizes({ ...three, targetHalfWidth: 1e-4 }, journal), sizes);
        const gaps = journal.map((trial) =>
            trial.arm === mainArms.volume && trial.round > 0
                ? { ...trial, cells: trial.cells.filter(({ size }) => size !== 1024) }
                : trial,
        );
        assert.deepEqual(wideSizes(three, gaps), [1024]);
        assert.deepEqual(wideSizes(three, []), sizes);
    });

    it("do not depend on the ratio: a slower arm with the same scatter has the same ones", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 1, max: 1000 }),
                fc.double({ min: 0.1, max: 10, noNaN: true }),
                (seed, factor) => {
                    const few = planOf({ rounds: 3, sizes: [64, 1024, 2048, 4096] });
                    const behaviour = { ...calm, between: 0.02 };
                    const medianNs: typeof calm.medianNs = (arm, size) =>
                        calm.medianNs(arm, size) * (arm === mainArms.volume ? factor : 1);
                    // not at the very bound: there the bins of the histogram decide
                    const wide = (behaviour: typeof calm, by: number) =>
                        wideSizes({ ...few, targetHalfWidth: 0.05 * by }, journalOf(few, behaviour, seed));
                    for (const size of wide(behaviour, 1.02))
                        assert.ok(wide({ ...behaviour, medianNs }, 1).includes(size));
                },
            ),
            { numRuns: 10 },
        );
    });

    it("look at the closed loop alone", () => {
        const diagnosed = planOf({ rounds: 3, ...everyModeAt(64) });
        const wild = journalOf(diagnosed, quiet).map((trial) => ({
            ...trial,
            cells: trial.cells.map((cell) => (cell.mode === "closed-loop" ? cell : { ...cell, histogram: "unread" })),
        }));
        assert.deepEqual(wideSizes(diagnosed, wild), []);
    });

    it("are none where the plan lacks a main arm: there is no ratio", () => {
        assert.deepEqual(wideSizes(planOf({ arms: [mainArms.network, "volume/fs-watch"] }), []), []);
    });
});

describe("requiredTrials", () => {
    it("are the planned rounds before anything is measured", () => {
        const planned = schedule(plan).filter(({ round }) => round < 3);
        assert.deepEqual(requiredTrials(plan, []), planned);
        assert.deepEqual(requiredTrials(plan, journalOf(plan, noisy).slice(0, -1)), planned);
    });

    it("go on one whole round after another while a size is wide, at most to the cap", () => {
        const journal = carriedOut(noisy);
        assert.equal(roundsOf(journal), 6);
        assert.deepEqual(
            journal.map(({ index }) => index),
            schedule(plan).map(({ index }) => index),
        );
        assert.equal(roundsOf(requiredTrials(plan, journalOf(plan, noisy))), 4);
        assert.equal(roundsOf(requiredTrials(plan, journalOf(plan, noisy, 1, 5))), 6);
    });

    it("stop as soon as no size is wide at the start of a round", () => {
        assert.equal(roundsOf(carriedOut(quiet)), 3);
        const stopped = carriedOut({ ...calm, between: 0.015 });
        assert.ok(roundsOf(stopped) > 3 && roundsOf(stopped) < 6, `${roundsOf(stopped)}`);
        assert.deepEqual(wideSizes(plan, stopped), []);
        const before = stopped.filter(({ round }) => round < roundsOf(stopped) - 1);
        assert.notDeepEqual(wideSizes(plan, before), []);
    });

    it("finish a round that has begun, whatever its trials say", () => {
        const begun = [
            ...journalOf(plan, quiet),
            journalOf(plan, quiet, 1, 6).find(({ round }) => round === 3) as Trial,
        ];
        assert.equal(roundsOf(requiredTrials(plan, begun)), 4);
    });

    it("are the same in whatever order the journal is read", () => {
        const journal = journalOf(plan, noisy, 1, 4);
        const expected = requiredTrials(plan, journal);
        for (const seed of [1, 2, 3]) {
            assert.deepEqual(requiredTrials(plan, shuffled(journal, seededRandom(seed))), expected);
        }
    });

    it("end with a main arm that is given up; another arm holds nothing up", () => {
        const until = (arm: string, state: Trial["state"]) =>
            journalOf(plan, noisy)
                .filter((trial) => trial.arm !== arm || trial.round === 0)
                .map((trial) => (trial.arm === arm ? { ...trial, state } : trial));
        for (const state of ["discarded", "unavailable"] as const) {
            assert.equal(roundsOf(requiredTrials(plan, until(mainArms.volume, state))), 3);
            assert.equal(roundsOf(requiredTrials(plan, until(repeatArm, state))), 4);
            assert.equal(roundsOf(requiredTrials(plan, until("volume/disk", state))), 4);
        }
    });

    it("are not more for a plan without one of the main arms", () => {
        const arms = [mainArms.network, "volume/disk" as const];
        assert.equal(roundsOf(carriedOut(noisy, cellsAt({ arms }))), 3);
    });
});

describe("givenUp", () => {
    it("has the first trial that ended each arm", () => {
        const trials = [
            trialOf(0, mainArms.network, []),
            trialOf(1, "volume/disk", [], { state: "discarded" }),
            trialOf(2, "volume/pvc", [], { state: "unavailable" }),
            trialOf(3, "volume/disk", [], { state: "discarded" }),
            trialOf(4, "volume/fs-watch", [], { state: "noisy" }),
        ];
        const gone = [...givenUp(trials)].map(([arm, { index }]) => [arm, index]);
        assert.deepEqual(gone.sort(), [
            ["volume/disk", 1],
            ["volume/pvc", 2],
        ]);
    });
});
