import assert from "node:assert/strict";
import { rolloutMatrices, rowTitle } from "../../../report/findings/rollout-matrix.ts";
import { scenarioRunOf } from "../injections.ts";
import { rolloutJournal, rolloutPlanOf, rolloutRunOf } from "../rollouts.ts";

const { scenarios } = rolloutRunOf();

describe("the matrix of rollouts", () => {
    it("has a row for each update without and with preStop, and a figure for each rollout of a topology", () => {
        const matrices = rolloutMatrices(scenarios);
        assert.deepEqual(
            matrices.map(({ topology }) => topology),
            ["network", "volume"],
        );
        for (const { topology, rows } of matrices) {
            assert.deepEqual(rows.map(rowTitle), [
                ...["surge", "surge, preStop", "unavailable", "unavailable, preStop", "recreate", "recreate, preStop"],
            ]);
            for (const { scenario, figure } of rows.flat()) {
                const cell = scenarios.cells.find((one) => one.scenario === scenario && one.topology === topology);
                assert.deepEqual(figure, {
                    ...cell?.undelivered,
                    total: cell?.outcomes.failed,
                    rollouts: 20,
                });
            }
        }
    });

    it("has no figure for what was not measured, and takes only messages with one attempt", () => {
        const left = scenarios.cells.filter(({ scenario }) => /surge(-ready)?$/.test(scenario));
        const retried = scenarios.cells.map((cell) => ({ ...cell, flow: "retry" }));
        const [network] = rolloutMatrices({ cells: [...retried, ...left] });
        const measured = network?.rows.flat().filter(({ figure }) => figure !== undefined);
        assert.deepEqual(
            measured?.map(({ scenario }) => scenario),
            ["rolling-update/surge", "rolling-update/surge-ready"],
        );
        assert.equal(network?.rows.flat().length, 24);
    });

    it("exists for a topology with at least two of its rollouts only", () => {
        const names = ["rolling-update/surge", "rolling-update/recreate"];
        const plan = rolloutPlanOf({ names, injections: 1 });
        const journal = rolloutJournal(plan, () => 3);
        const lacking = journal.filter(
            ({ topology, scenario }) => topology === "volume" || scenario === "rolling-update/surge",
        );
        assert.equal(rolloutMatrices(rolloutRunOf(plan, journal).scenarios).length, 2);
        assert.deepEqual(
            rolloutMatrices(rolloutRunOf(plan, lacking).scenarios).map(({ topology }) => topology),
            ["volume"],
        );
        assert.deepEqual(rolloutMatrices(scenarioRunOf().scenarios), []);
        assert.deepEqual(rolloutMatrices(undefined), []);
    });

    it("leaves out what another version measured", () => {
        const strange = scenarios.cells.map((cell) => ({ ...cell, scenario: `${cell.scenario}-sidecar` }));
        assert.deepEqual(rolloutMatrices({ cells: strange }), []);
    });
});
