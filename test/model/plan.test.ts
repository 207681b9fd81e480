import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import { mainArms, repeatArm } from "../../model/arms.ts";
import {
    ablationSizes,
    armsOf,
    cellsOf,
    closedLoopSizes,
    hasBothMainArms,
    mainSizes,
    Plan,
    sizesOf,
} from "../../model/plan.ts";
import { cellsAt, planOf } from "./fixtures.ts";

/** A valid cell with one change. */
const cellsOfOne = (change: object) => [{ arm: mainArms.network, mode: "closed-loop", sizes: [64], ...change }];

describe("Plan", () => {
    it("fits a plan", () => {
        assert.ok(Value.Check(Plan, planOf()));
    });

    /** What another version may have measured; benchmark-plan.ts refuses to measure it. */
    for (const [what, change] of [
        ["an unknown arm", { cells: cellsOfOne({ arm: "network/carrier-pigeon" }) }],
        ["an unknown mode", { cells: cellsOfOne({ mode: "burst" }) }],
        ["an unknown field", { colour: "red" }],
        ["an unknown field of a cell", { cells: cellsOfOne({ colour: "red" }) }],
        ["an unknown topology", { targets: { loft: { initiator: { agent: "a" }, responder: { agent: "b" } } } }],
    ] as const) {
        it(`fits ${what}`, () => {
            assert.ok(Value.Check(Plan, { ...planOf(), ...change }));
        });
    }

    for (const [what, change] of [
        ["what can't be the name of an arm", { cells: cellsOfOne({ arm: "Carrier pigeon" }) }],
        ["what can't be the name of a mode", { cells: cellsOfOne({ mode: "" }) }],
        ["nothing to measure", { cells: [] }],
        ["no size", { cells: cellsOfOne({ sizes: [] }) }],
        ["a size twice", { cells: cellsOfOne({ sizes: [64, 64] }) }],
        ["a size too small for the sequence number", { cells: cellsOfOne({ sizes: [8] }) }],
        ["another schema version", { schemaVersion: 2 }],
        ["a fraction of a round", { rounds: 1.5 }],
        ["no round", { rounds: 0 }],
        ["a slice of no length", { cellSeconds: 0 }],
        ["a negative seed", { seed: -1 }],
        ["a run id that is no Kubernetes name", { runId: "Run_1" }],
        ["a run id that is too long", { runId: "a".repeat(33) }],
    ] as const) {
        it(`does not fit ${what}`, () => {
            assert.equal(Value.Check(Plan, { ...planOf(), ...change }), false);
        });
    }
});

describe("what is measured", () => {
    const [network, volume] = [mainArms.network, mainArms.volume];
    const arms = [volume, "volume/disk", network, repeatArm, "floor/noop"] as const;
    const plan = planOf({ arms, sizes: [1024, 64], ablationSizes: [4096, 64], repeatSizes: [2048], phaseSizes: [64] });

    it("is listed by arm, in the order of the plan", () => {
        assert.deepEqual(armsOf(plan), arms);
        assert.deepEqual(cellsOf(plan, network), [
            { arm: network, mode: "closed-loop", sizes: [1024, 64] },
            { arm: network, mode: "phases", sizes: [64] },
        ]);
        assert.deepEqual(cellsOf(plan, "volume/pvc"), []);
    });

    it("has sizes by arm and mode, in the order of the plan, none if it is not measured", () => {
        assert.deepEqual(sizesOf(plan, network), [1024, 64]);
        assert.deepEqual(sizesOf(plan, network, "phases"), [64]);
        assert.deepEqual(sizesOf(plan, network, "throughput"), []);
        assert.deepEqual(sizesOf(plan, "volume/pvc"), []);
    });

    it("has sizes of groups of arms in the closed loop, ascending", () => {
        assert.deepEqual(mainSizes(plan), [64, 1024]);
        assert.deepEqual(ablationSizes(plan), [64, 4096]);
        assert.deepEqual(closedLoopSizes(plan), [64, 1024, 2048, 4096]);
        assert.deepEqual(closedLoopSizes(plan, ["volume/disk", repeatArm]), [64, 2048, 4096]);
    });

    it("uses the sizes of A/A for the ablation arms if there are no others", () => {
        assert.deepEqual(ablationSizes(planOf({ arms: [network, volume, repeatArm], repeatSizes: [2048] })), [2048]);
        assert.deepEqual(ablationSizes(planOf()), []);
    });

    it("has a verdict only with both main arms", () => {
        assert.equal(hasBothMainArms(plan), true);
        assert.equal(hasBothMainArms({ cells: cellsAt({ arms: [network, repeatArm] }) }), false);
    });
});
