import assert from "node:assert/strict";
import { outline } from "../../../report/findings/outline.ts";
import { resultsMarkdown } from "../../../report/formats/markdown.ts";
import { resultsText } from "../../../report/formats/text.ts";
import { textGrid } from "../../../report/formats/text-grid.ts";
import { rolloutTables } from "../../../report/tables/rollout-tables.ts";
import { tablesOf } from "../../../report/tables/tables.ts";
import { textsOf } from "../../support/texts.ts";
import { scenarioRunOf } from "../injections.ts";
import { rolloutRunOf } from "../rollouts.ts";

const asText = textsOf("report/tables/rollout-tables");
const run = rolloutRunOf();
const advice = run.scenarios.advice ?? [];
/** Only two of the variants, three times each. */
const few = {
    ...run.scenarios,
    cells: run.scenarios.cells
        .filter(({ scenario }) => /surge(-prestop-ready-drain)?$/.test(scenario))
        .map((cell) => ({ ...cell, injections: 3, undelivered: { median: cell.undelivered.median } })),
};

describe("the tables of rollouts", () => {
    it("have the matrix of each topology, after the scenarios", () => {
        const tables = rolloutTables(run);
        asText("whole", tables.map(textGrid).join("\n\n").split("\n"));
        assert.deepEqual(
            tablesOf(run)
                .map(({ id }) => id)
                .slice(0, 3),
            ["latency", "scenarios", "rollouts"],
        );
    });

    it("have a dash for what was not measured", () => {
        const [network] = rolloutTables({ scenarios: few });
        asText("few", textGrid(network as NonNullable<typeof network>).split("\n"));
        assert.equal(network?.rows.flat().filter((value) => value === "-").length, 22);
    });

    it("have no line of more than 110 columns", () => {
        const lines = rolloutTables(run).flatMap((grid) => textGrid(grid).split("\n"));
        assert.deepEqual(
            lines.filter(({ length }) => length > 110),
            [],
        );
    });

    it("don't exist in a run without rollouts", () => {
        assert.ok(tablesOf(scenarioRunOf()).every(({ id }) => id !== "rollouts"));
    });
});

describe("advice", () => {
    it("is a line of the text before the warnings, above its YAML", () => {
        const text = resultsText(run);
        const lines = text.split("\n").filter((line) => line.startsWith("advice: "));
        assert.deepEqual(lines.toSorted(), advice.map((one) => `advice: ${one.text}`).toSorted());
        assert.ok(text.indexOf("advice: ") > text.indexOf("recreate, preStop"));
        assert.ok(text.lastIndexOf("advice: ") < text.indexOf("warning: "));
        assert.equal(text.match(/^ {4}strategy: \{type: RollingUpdate/gm)?.length, 1);
        assert.doesNotMatch(resultsText(scenarioRunOf()), /^advice/m);
    });

    it("is a list with code in Markdown, after the main table", () => {
        const text = resultsMarkdown([run]);
        assert.ok(text.includes(`\n- ${advice[0]?.text.replaceAll("[", "\\[").replaceAll("]", "\\]")}\n`));
        assert.equal(text.match(/^```yaml\n# /gm)?.length, 3);
        assert.ok(text.indexOf("```yaml") < text.indexOf("<details>"));
        assert.ok(text.includes("| recreate, preStop |"));
    });

    it("stays in a stack output, however small", () => {
        for (const kib of [64, 40, 24]) {
            const small = outline(run, kib * 1024);
            assert.ok(Buffer.byteLength(JSON.stringify(small)) <= kib * 1024);
            assert.deepEqual(small.scenarios?.advice, advice);
        }
        assert.deepEqual(outline(run, 24 * 1024).scenarios?.cells, []);
    });
});
