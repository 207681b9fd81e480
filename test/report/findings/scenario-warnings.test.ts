import assert from "node:assert/strict";
import type { ScenarioCell, ScenarioResults } from "../../../model/scenarios.ts";
import { scenarioWarnings } from "../../../report/findings/scenario-warnings.ts";
import { textsOf } from "../../support/texts.ts";
import { scenarioRunOf } from "../injections.ts";

const asText = textsOf("report/findings/scenario-warnings");
const run = scenarioRunOf();
const calm: ScenarioResults = {
    ...run.scenarios,
    expected: run.scenarios.expected.map(({ found, ...one }) => ({ ...one, holds: true })),
    void: [],
};
const warned = (change: Partial<ScenarioResults>) => scenarioWarnings({ ...calm, ...change });
const withCell = (wanted: (cell: ScenarioCell) => boolean, change: Partial<ScenarioCell>) => ({
    cells: calm.cells.map((cell) => (wanted(cell) ? { ...cell, ...change } : cell)),
});

describe("warnings about scenarios", () => {
    it("are none without scenarios, or if all is well", () => {
        assert.deepEqual(scenarioWarnings(undefined), []);
        assert.deepEqual(scenarioWarnings(calm), []);
    });

    it("are part of the run's, before those about figures", () => {
        const expected = scenarioWarnings(run.scenarios);
        assert.equal(expected.length, 2);
        assert.deepEqual(run.warnings.slice(0, 2), expected);
        asText("of the run", expected);
    });

    it("count void injections, and name a scenario with more than a third", () => {
        const one = { scenario: "hang", topology: "volume", reason: "the process ran on" };
        const list = (length: number) => Array.from({ length }, (_, index) => ({ ...one, index }));
        const { cells } = withCell(({ scenario, topology }) => scenario === "hang" && topology === "volume", {
            injections: 13,
        });
        asText("a third is void", warned({ cells, void: list(7) }));
        const few = withCell(({ scenario, topology }) => scenario === "hang" && topology === "volume", {
            injections: 14,
        });
        assert.equal(warned({ ...few, void: list(6) }).length, 1);
    });

    it("say why a scenario was skipped", () => {
        asText(
            "skipped",
            warned({ skipped: [{ scenario: "drain", topology: "network", reason: "the cluster has one node" }] }),
        );
    });

    it("say that few injections decide nothing, and that the noise is not known without shams", () => {
        asText("few injections", warned({ plan: { ...calm.plan, injections: 3 } }));
        asText("no shams", warned({ plan: { ...calm.plan, shams: 0 } }));
    });

    it("name a sham with an outage", () => {
        const sham = ({ scenario, topology, flow }: ScenarioCell) =>
            `${scenario} ${topology} ${flow}` === "sham volume once";
        asText("a sham with an outage", [
            ...warned(withCell(sham, { outages: [0, 0.8, 0] })),
            ...warned(withCell(sham, { outages: [0, null, 0] })),
        ]);
        assert.deepEqual(warned(withCell(sham, { outages: [0, 0.1] })), []);
    });

    it("say if the load generator itself was late, by more than a tenth of the deadline", () => {
        const first = (cell: ScenarioCell) => cell === calm.cells[0];
        asText("a late load generator", warned(withCell(first, { latenessP99Seconds: 0.0101 })));
        assert.deepEqual(warned(withCell(first, { latenessP99Seconds: 0.01 })), []);
    });
});
