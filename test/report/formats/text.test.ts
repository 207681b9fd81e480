import assert from "node:assert/strict";
import { resultsText } from "../../../report/formats/text.ts";
import { scenarioRunOf } from "../injections.ts";

describe("results as text", () => {
    const warned = (count: number) => {
        const warnings = Array.from({ length: count }, (_, index) => `Cause ${index}.`);
        return resultsText({ ...scenarioRunOf(), warnings })
            .split("\n")
            .filter((line) => /^warning|^\d+ more/.test(line));
    };

    it("end with the warnings, the first eight and how many more there are", () => {
        assert.deepEqual(warned(0), []);
        assert.equal(warned(8).length, 8);
        const lines = warned(10);
        assert.equal(lines.length, 9);
        assert.equal(lines[7], "warning: Cause 7.");
        assert.match(lines[8] ?? "", /^2 more warnings: report\.html/);
    });
});
