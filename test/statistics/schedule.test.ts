import assert from "node:assert/strict";
import fc from "fast-check";
import { allArms, headlineArms, mainArms } from "../../model/arms.ts";
import { cellsOf } from "../../model/plan.ts";
import { type Profile, profiles } from "../../model/profiles.ts";
import { allSizes } from "../../model/sizes.ts";
import { cellSecondsOf, expectedSeconds, schedule } from "../../statistics/schedule.ts";
import { cellsAt, everyModeAt, planOf } from "../model/fixtures.ts";

const ascending = (one: number, other: number) => one - other;
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe("schedule", () => {
    it("gives every arm one trial a round with all its cells, numbered in order", () => {
        fc.assert(
            fc.property(
                seeds,
                fc.integer({ min: 1, max: 12 }),
                fc.subarray([...allArms], { minLength: 1 }),
                fc.subarray([...allSizes], { minLength: 1 }),
                fc.subarray([...allSizes], { minLength: 1 }),
                (seed, rounds, arms, sizes, ablationSizes) => {
                    const plan = planOf({ seed, rounds, arms, sizes, ablationSizes, ...everyModeAt(64) });
                    const trials = schedule(plan);
                    assert.deepEqual(
                        trials.map(({ index }) => index),
                        [...Array(rounds * arms.length).keys()],
                    );
                    for (let round = 0; round < rounds; round++) {
                        const ofRound = trials.slice(round * arms.length, (round + 1) * arms.length);
                        assert.deepEqual(new Set(ofRound.map((trial) => trial.round)), new Set([round]));
                        assert.deepEqual(ofRound.map(({ arm }) => arm).sort(), arms.toSorted());
                    }
                    for (const { arm, cells } of trials) {
                        const expected = cellsOf(plan, arm).flatMap(({ mode, sizes }) =>
                            sizes.toSorted(ascending).map((size) => `${mode} ${size}`),
                        );
                        const actual = cells.map(({ mode, size }) => `${mode} ${size}`);
                        assert.deepEqual(actual.toSorted(), expected.toSorted());
                        // the closed loop comes first: nothing else has run in these processes by then
                        const first = cells.findIndex(({ mode }) => mode !== "closed-loop");
                        assert.ok(
                            cells.slice(first < 0 ? cells.length : first).every(({ mode }) => mode !== "closed-loop"),
                        );
                    }
                },
            ),
            { numRuns: 50 },
        );
    });

    it("has only the headline arms in rounds beyond the planned ones, which don't change the earlier rounds", () => {
        const plan = planOf({ arms: [...allArms], rounds: 3, maxRounds: 5 });
        const trials = schedule(plan);
        assert.deepEqual(
            trials.filter(({ round }) => round < 3),
            schedule({ ...plan, maxRounds: 3 }),
        );
        for (const extra of [3, 4]) {
            const arms = trials.filter(({ round }) => round === extra).map(({ arm }) => arm);
            assert.deepEqual(arms.sort(), headlineArms.toSorted());
        }
    });

    it("is the same for the same plan, so that a resumed run continues where it stopped", () => {
        const plan = planOf();
        assert.deepEqual(schedule(plan), schedule(structuredClone(plan)));
        assert.notDeepEqual(schedule(plan), schedule({ ...plan, seed: plan.seed + 1 }));
    });

    it("starts with each arm about as often as with the other", () => {
        const first = [...Array(400).keys()].map((seed) => schedule({ ...planOf(), seed })[0]?.arm);
        const network = first.filter((arm) => arm === mainArms.network).length;
        assert.ok(network > 160 && network < 240, `${network} of 400`);
    });
});

describe("expectedSeconds", () => {
    it("adds up warm-up, slices and changes of all trials of the planned rounds", () => {
        const plan = planOf({ rounds: 2, maxRounds: 9, warmupSeconds: 1, cellSeconds: 0.44, cellRoundTrips: 1 });
        assert.ok(Math.abs(expectedSeconds(plan) - 2 * 2 * (1 + 1 + 2 * 0.5)) < 1e-9);
        const diagnosed = { ...plan, cells: cellsAt(everyModeAt(64)), diagnosticSeconds: 0.94 };
        assert.ok(Math.abs(expectedSeconds(diagnosed) - 2 * 2 * (1 + 1 + 2 * 0.5 + 3 * 1)) < 1e-9);
    });

    it("takes the round trips of a cell into account if they last longer than its slice", () => {
        const plan = { cellSeconds: 0.5, cellRoundTrips: 100, diagnosticSeconds: 0.3 };
        const seconds = (size: number) => cellSecondsOf({ mode: "closed-loop", size }, plan);
        assert.equal(seconds(64), seconds(1_048_576));
        assert.ok(seconds(16_777_216) > 1.1 && seconds(16_777_216) < 1.5, `${seconds(16_777_216)}`);
    });

    it("keeps the promises of the profiles", () => {
        const minutes = (profile: Profile) => expectedSeconds(planOf(profiles[profile])) / 60;
        assert.ok(minutes("quick") < 2, `${minutes("quick")}`);
        assert.ok(minutes("standard") < 20, `${minutes("standard")}`);
    });
});
