import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { Results } from "../../report/schema.ts";

const path = new URL("../../report/results.schema.json", import.meta.url);
const command = "UPDATE_SCHEMA=1 node test/run.ts test/report/schema.test.ts";

describe("results.schema.json", () => {
    it("is the schema of the results, as JSON Schema", () => {
        const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...Results };
        const expected = `${JSON.stringify(schema, null, 2)}\n`;
        if (process.env.UPDATE_SCHEMA !== undefined) writeFileSync(path, expected);
        assert.equal(
            readFileSync(path, "utf8"),
            expected,
            `report/results.schema.json is out of date; run: ${command}`,
        );
    });

    it("says under which name it is published, and which fields must be there", () => {
        const { $id, required } = JSON.parse(readFileSync(path, "utf8"));
        assert.equal($id, "https://hopcost.io/schema/results-2.json");
        assert.deepEqual(
            Object.keys(Results.properties).filter((name) => !required.includes(name)),
            ["incompleteReason", "stopReason", "crossover", "metrics"],
        );
    });
});
