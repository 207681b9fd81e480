import assert from "node:assert/strict";
import { rollouts, scenarioOfRollout } from "../../model/rollouts.ts";
import { scenarioPattern } from "../../model/scenario-fields.ts";
import { scenarios } from "../../workloads/injections/scenarios.ts";

describe("the rollouts of the model", () => {
    const names = rollouts.map(scenarioOfRollout);

    it("are the variants of rolling-update that the driver has, in the same order", () => {
        const carriedOut = scenarios.map(({ name }) => name).filter((name) => name.startsWith("rolling-update/"));
        assert.equal(new Set(names).size, 24);
        assert.deepEqual(names, carriedOut);
    });

    it("are named by the update and by what is switched on", () => {
        const off = { preStop: false, ready: false, drain: false };
        assert.equal(scenarioOfRollout({ update: "recreate", ...off }), "rolling-update/recreate");
        assert.equal(
            scenarioOfRollout({ update: "surge", preStop: true, ready: true, drain: true }),
            "rolling-update/surge-prestop-ready-drain",
        );
        assert.ok(names.every((name) => new RegExp(scenarioPattern).test(name)));
    });

    it("are in rows of four with the same update and preStop", () => {
        const rows = Map.groupBy(rollouts, (_, index) => Math.floor(index / 4));
        assert.equal(rows.size, 6);
        for (const row of rows.values()) {
            assert.equal(new Set(row.map(({ update, preStop }) => `${update} ${preStop}`)).size, 1);
            assert.deepEqual(
                row.map(({ ready, drain }) => [ready, drain]),
                [
                    [false, false],
                    [false, true],
                    [true, false],
                    [true, true],
                ],
            );
        }
    });

    it("have the settings that the driver gives a Deployment", () => {
        const byName = new Map(scenarios.map(({ name, availability }) => [name, availability]));
        for (const rollout of rollouts) {
            const set = byName.get(scenarioOfRollout(rollout));
            assert.deepEqual(
                [set?.preStopSeconds !== undefined, set?.readiness !== undefined, set?.drain ?? false],
                [rollout.preStop, rollout.ready, rollout.drain],
            );
            assert.ok((set?.preStopSeconds ?? 0) < (set?.graceSeconds ?? 0));
            assert.equal(set?.update === "Recreate", rollout.update === "recreate");
        }
    });
});
