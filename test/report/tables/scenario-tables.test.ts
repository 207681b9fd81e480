import assert from "node:assert/strict";
import { textGrid } from "../../../report/formats/text-grid.ts";
import { expectationText, scenarioTables } from "../../../report/tables/scenario-tables.ts";
import { tablesOf } from "../../../report/tables/tables.ts";
import { resultsOf } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";
import { scenarioRunOf } from "../injections.ts";
import { sharedRunOf } from "../shares.ts";

const asText = textsOf("report/tables/scenario-tables");
const run = scenarioRunOf();
const [verdicts, undelivered, durations, messages, notCounted] = scenarioTables(run);

describe("the tables of scenarios", () => {
    it("don't exist in a run without scenarios", () => {
        assert.deepEqual(scenarioTables({}), []);
        assert.ok(tablesOf(resultsOf()).every(({ id }) => id !== "scenarios"));
    });

    it("come after the latencies, before what explains them", () => {
        const [first, second] = tablesOf(run);
        assert.deepEqual([first?.id, second?.id], ["latency", "scenarios"]);
    });

    it("say whose outages are shorter, in each flow", () => {
        asText("verdicts", textGrid(verdicts as NonNullable<typeof verdicts>).split("\n"));
        assert.equal(verdicts?.rows.length, run.scenarios.verdicts.length);
    });

    it("have how many messages never arrived, and if none ever did, in how many injections", () => {
        asText("undelivered", textGrid(undelivered as NonNullable<typeof undelivered>).split("\n"));
        const scenarios = new Set(run.scenarios.cells.map(({ scenario }) => scenario));
        assert.equal(undelivered?.rows.length, scenarios.size - 1); // without shams
    });

    it("have the durations of every cell below what theory expects", () => {
        asText("durations", textGrid(durations as NonNullable<typeof durations>).split("\n"));
        const cells = durations?.rows.filter((row) => typeof row !== "string");
        assert.equal(cells?.length, run.scenarios.cells.length);
    });

    it("have messages by outcome, of cells in which not all were on time", () => {
        asText("messages", textGrid(messages as NonNullable<typeof messages>).split("\n"));
        assert.ok(messages?.rows.every((row) => (typeof row === "string" ? !row.startsWith("sham") : true)));
    });

    it("list what doesn't count", () => {
        const skipped = [{ scenario: "drain", topology: "network", reason: "the cluster has one node" }];
        const list = scenarioTables({ scenarios: { ...run.scenarios, skipped } }).at(-1);
        const [first] = run.scenarios.void;
        assert.deepEqual(list?.rows, [
            [first?.scenario, first?.topology, "7", "void", first?.reason],
            ["drain", "network", "all", "skipped", "the cluster has one node"],
        ]);
        assert.equal(notCounted?.rows.length, 1);
    });

    it("say what differs from an expectation, and that it is open if no injection counts", () => {
        const one = { scenario: "hang", topology: "volume", expectation: "no effect" };
        asText("expectations", [
            expectationText({ ...one, holds: true }),
            expectationText({ ...one, holds: false, found: "lost messages with once: 2, expected at most 0" }),
            expectationText(one),
        ]);
    });

    it("have no line of more than 110 columns", () => {
        for (const grid of [verdicts, durations, messages]) {
            const wide = textGrid(grid as NonNullable<typeof grid>)
                .split("\n")
                .filter((line) => line.length > 110);
            assert.deepEqual(wide, []);
        }
    });

    it("have the shares of replicas only if there are several", () => {
        const isShares = ({ caption = "" }: { caption?: string }) => caption.startsWith("Load balancing");
        assert.ok(!scenarioTables(run).some(isShares));
        const shares = scenarioTables(sharedRunOf()).find(isShares);
        asText("shares", textGrid(shares ?? assert.fail()).split("\n"));
        assert.equal(shares?.rows.length, 6); // three flows of each topology
    });
});
