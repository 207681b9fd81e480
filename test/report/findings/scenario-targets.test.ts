import assert from "node:assert/strict";
import { outline } from "../../../report/findings/outline.ts";
import { isMeant, isSameTarget, judgedCell, scenarioTargets } from "../../../report/findings/scenario-targets.ts";
import { resultsOf } from "../../model/fixtures.ts";
import { scenarioRunOf } from "../injections.ts";

const run = scenarioRunOf();
const { scenarios } = run;
const shown = (of: Parameters<typeof scenarioTargets>[0]) =>
    scenarioTargets(of).map(({ scenario, topology }) => `${scenario} ${topology}`);
const all = ["kill-process", "hang", "not-ready", "start-up"].flatMap((name) => [`${name} network`, `${name} volume`]);

describe("the scenarios of a run with their topologies", () => {
    it("are in the order of the plan, without shams; none without scenarios", () => {
        assert.deepEqual(shown(run), all);
        assert.deepEqual(shown(resultsOf()), []);
    });

    it("are the same in a stack output, however small", () => {
        for (const limit of [64 * 1024, 20 * 1024, 0]) assert.deepEqual(shown(outline(run, limit)), all, `${limit}`);
    });

    it("include what was planned but is missing, what was skipped, and names of another version", () => {
        const drain = { scenario: "drain", topology: "network", reason: "one node only" };
        const cells = [{ ...(scenarios.cells[0] as (typeof scenarios.cells)[number]), scenario: "meteor/large" }];
        const names = ["drain", ...scenarios.plan.names];
        const change = { cells, skipped: [drain], verdicts: [], plan: { ...scenarios.plan, names } };
        assert.deepEqual(shown({ scenarios: { ...scenarios, ...change } }), [
            "drain network",
            ...all,
            "meteor/large network",
        ]);
    });

    it("have the figures of flow once", () => {
        const target = { scenario: "hang", topology: "volume" };
        const cell = judgedCell(target, scenarios);
        assert.ok(cell !== undefined && isSameTarget(cell, target));
        assert.equal(cell.flow, "once");
        assert.equal(judgedCell({ ...target, topology: "pigeon" }, scenarios), undefined);
    });

    it("are meant by their name, or by that of which they are a variant", () => {
        assert.deepEqual(
            ["hang", "hang/blind-probe", "han", "hang/blind"].map((asked) => isMeant(asked, "hang/blind-probe")),
            [true, true, false, false],
        );
    });
});
