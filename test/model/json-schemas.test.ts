import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Checked } from "../../model/check.ts";
import { Compared } from "../../model/comparison.ts";
import { Results } from "../../model/results.ts";
import { assertGeneratedSchema } from "../support/generated.ts";

const fileOf = (name: string) => new URL(`../../model/${name}`, import.meta.url);

for (const [name, title, document] of [
    ["results.schema.json", "the results", Results],
    ["comparison.schema.json", "a comparison", Compared],
    ["check.schema.json", "a check", Checked],
] as const) {
    describe(name, () => {
        it(`is the schema of ${title}, as JSON Schema`, () => {
            const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...document };
            assertGeneratedSchema(fileOf(name), schema, "test/model/json-schemas.test.ts");
        });
    });
}

describe("results.schema.json", () => {
    it("says under which name it is published, and which fields must be there", () => {
        const { $id, required } = JSON.parse(readFileSync(fileOf("results.schema.json"), "utf8"));
        assert.equal($id, "https://hopcost.io/schema/results-3.json");
        assert.deepEqual(
            Object.keys(Results.properties).filter((name) => !required.includes(name)),
            ["incompleteReason", "stopReason", "crossover", "otherModes", "scenarios", "metrics"],
        );
    });
});
