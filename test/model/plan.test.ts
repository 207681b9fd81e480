import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { type Profile, profiles } from "../../config/profiles.ts";
import { allArms, familyOf, headlineArms, mainArms } from "../../model/arms.ts";
import { Plan } from "../../model/plan.ts";
import { allSizes } from "../../model/sizes.ts";
import { seededRandom, shuffled } from "../../statistics/random.ts";
import { cellSecondsOf, cellsOf, expectedSeconds, schedule } from "../../statistics/schedule.ts";
import { diagnosticsAt, planOf } from "./fixtures.ts";

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
                    const plan = planOf({ seed, rounds, arms, sizes, ablationSizes, diagnostics: diagnosticsAt(64) });
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
                        const expected = cellsOf(arm, plan).flatMap(({ mode, sizes }) =>
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

    it("holds the headline arms alone in rounds beyond the planned ones, and those before stay as they are", () => {
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

    it("is the same for the same plan, so that a resumed run goes on where it was", () => {
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

describe("cellsOf", () => {
    const plan = {
        sizes: [64, 1024],
        ablationSizes: [4096, 64],
        repeatSizes: [1024],
        diagnostics: diagnosticsAt(1024),
    };

    it("measures main arms at all sizes and in every mode, the others at the ablation sizes, the floor at one", () => {
        assert.deepEqual(cellsOf(mainArms.volume, plan), [
            { mode: "closed-loop", sizes: [64, 1024] },
            { mode: "phases", sizes: [1024] },
            { mode: "constant-rate", sizes: [1024] },
            { mode: "throughput", sizes: [1024] },
        ]);
        assert.deepEqual(cellsOf("volume/disk", plan), [{ mode: "closed-loop", sizes: [4096, 64] }]);
        assert.deepEqual(cellsOf("floor/noop", plan), [{ mode: "closed-loop", sizes: [64] }]);
    });

    it("leaves out a mode without sizes", () => {
        const modes = cellsOf(mainArms.network, { ...plan, diagnostics: diagnosticsAt() }).map(({ mode }) => mode);
        assert.deepEqual(modes, ["closed-loop"]);
    });
});

describe("expectedSeconds", () => {
    it("adds up warm-up, slices and changes of all trials of the planned rounds", () => {
        const plan = planOf({ rounds: 2, maxRounds: 9, warmupSeconds: 1, cellSeconds: 0.44, cellRoundTrips: 1 });
        assert.ok(Math.abs(expectedSeconds(plan) - 2 * 2 * (1 + 1 + 2 * 0.5)) < 1e-9);
        const diagnosed = { ...plan, diagnostics: { ...diagnosticsAt(64), seconds: 0.94 } };
        assert.ok(Math.abs(expectedSeconds(diagnosed) - 2 * 2 * (1 + 1 + 2 * 0.5 + 3 * 1)) < 1e-9);
    });

    it("takes the round trips of a cell into account where they last longer than its slice", () => {
        const plan = { cellSeconds: 0.5, cellRoundTrips: 100, diagnostics: diagnosticsAt() };
        const seconds = (size: number) => cellSecondsOf({ mode: "closed-loop", size }, plan);
        assert.equal(seconds(64), seconds(1_048_576));
        assert.ok(seconds(16_777_216) > 1.1 && seconds(16_777_216) < 1.5, `${seconds(16_777_216)}`);
    });

    it("keeps the promises of the profiles", () => {
        const minutes = (profile: Profile) => {
            const { arms, sizes, ablationSizes, repeatSizes, diagnostics, ...rest } = profiles[profile];
            const plan = planOf({
                ...{
                    ...rest,
                    arms: [...arms],
                    sizes: [...sizes],
                    ablationSizes: [...ablationSizes],
                    repeatSizes: [...repeatSizes],
                },
                diagnostics: {
                    ...{ seconds: diagnostics.seconds, ratePerSecond: 500, concurrency: 4 },
                    phaseSizes: [...diagnostics.phaseSizes],
                    constantRateSizes: [...diagnostics.constantRateSizes],
                    throughputSizes: [...diagnostics.throughputSizes],
                },
            });
            return expectedSeconds(plan) / 60;
        };
        assert.ok(minutes("quick") < 2, `${minutes("quick")}`);
        assert.ok(minutes("standard") < 20, `${minutes("standard")}`);
    });
});

describe("Plan", () => {
    it("fits a plan", () => {
        assert.ok(Value.Check(Plan, planOf()));
    });

    for (const [what, change] of [
        ["an unknown arm", { arms: ["network/carrier-pigeon"] }],
        ["an arm twice", { arms: [mainArms.network, mainArms.network] }],
        ["no size", { sizes: [] }],
        ["a size too small for the round's number", { sizes: [8] }],
        ["a fraction of a round", { rounds: 1.5 }],
        ["no round", { rounds: 0 }],
        ["a slice of no length", { cellSeconds: 0 }],
        ["a negative seed", { seed: -1 }],
        ["a run id that is no Kubernetes name", { runId: "Run_1" }],
        ["a run id that is too long", { runId: "a".repeat(33) }],
        ["an unknown field", { colour: "red" }],
    ] as const) {
        it(`does not fit ${what}`, () => {
            assert.equal(Value.Check(Plan, { ...planOf(), ...change }), false);
        });
    }
});

describe("familyOf", () => {
    it("is what stands before the slash", () => {
        assert.deepEqual(
            allArms.map((arm) => `${familyOf(arm)}/`),
            allArms.map((arm) => arm.slice(0, arm.indexOf("/") + 1)),
        );
    });
});

describe("seededRandom", () => {
    it("gives the same numbers for the same seed, in [0, 1)", () => {
        fc.assert(
            fc.property(seeds, (seed) => {
                const [one, other] = [seededRandom(seed), seededRandom(seed)];
                for (let index = 0; index < 50; index++) {
                    const value = one();
                    assert.equal(other(), value);
                    assert.ok(value >= 0 && value < 1);
                }
            }),
        );
    });

    it("is uniform: tenths within 5% of their share, also for neighbouring seeds", () => {
        const tenths = new Array<number>(10).fill(0);
        for (let seed = 0; seed < 200; seed++) {
            const random = seededRandom(seed);
            for (let index = 0; index < 500; index++) {
                const tenth = Math.floor(random() * 10);
                tenths[tenth] = (tenths[tenth] as number) + 1;
            }
        }
        for (const count of tenths) assert.ok(count > 9500 && count < 10_500, `${tenths}`);
    });
});

describe("shuffled", () => {
    it("keeps the items and leaves the given array as it is", () => {
        fc.assert(
            fc.property(fc.array(fc.integer()), seeds, (items, seed) => {
                const before = [...items];
                const result = shuffled(items, seededRandom(seed));
                assert.deepEqual(items, before);
                assert.deepEqual(result.toSorted(ascending), before.toSorted(ascending));
            }),
        );
    });

    it("gives each order of three items about as often", () => {
        const random = seededRandom(1);
        const orders = Map.groupBy(
            [...Array(6000).keys()].map(() => shuffled("abc".split(""), random).join("")),
            (order) => order,
        );
        assert.equal(orders.size, 6);
        for (const [order, times] of orders)
            assert.ok(times.length > 900 && times.length < 1100, `${order}: ${times.length}`);
    });
});
