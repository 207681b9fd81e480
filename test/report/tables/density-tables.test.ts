import assert from "node:assert/strict";
import { textGrid } from "../../../report/formats/text-grid.ts";
import { densityTables } from "../../../report/tables/density-tables.ts";
import { tablesOf } from "../../../report/tables/tables.ts";
import { textsOf } from "../../support/texts.ts";
import { densityRunOf } from "../density.ts";
import { scenarioRunOf } from "../injections.ts";

const asText = textsOf("report/tables/density-tables");
const run = densityRunOf();
const [steps, slopes] = densityTables(run);

describe("the tables of density", () => {
    it("exist only with its injections, after those of other scenarios", () => {
        assert.deepEqual(densityTables(scenarioRunOf()), []);
        assert.deepEqual(densityTables({}), []);
        assert.ok(tablesOf(run).some(({ id }) => id === "density"));
    });

    it("have every number of pairs, and what did not fit", () => {
        asText("steps", textGrid(steps as NonNullable<typeof steps>).split("\n"));
        const numbers = steps?.rows.filter((row) => typeof row !== "string").map(([pairs]) => pairs);
        assert.deepEqual(numbers, ["1", "2", "4", "8", "1", "2", "4", "8"]);
    });

    it("have what each further pair adds", () => {
        asText("slopes", textGrid(slopes as NonNullable<typeof slopes>).split("\n"));
        assert.equal(slopes?.rows.length, 2);
    });

    it("say why a figure is missing, once", () => {
        const unavailable = { unavailable: "a machine was busy all the time" };
        const density = (run.scenarios.density ?? []).map((cell) => ({
            ...cell,
            steps: cell.steps.map((step) => ({ ...step, otherCores: unavailable })),
            ...(cell.slopes && { slopes: { ...cell.slopes, otherCores: unavailable } }),
        }));
        const [first, second] = densityTables({ scenarios: { ...run.scenarios, density } });
        const reasons = (rows: typeof first) => rows?.rows.filter((row) => String(row).includes("busy all the time"));
        assert.deepEqual([reasons(first)?.length, reasons(second)?.length], [2, 2]);
    });
});
