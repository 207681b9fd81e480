import assert from "node:assert/strict";
import { amountOf } from "../../policies/quantities.ts";

describe("a quantity of Kubernetes", () => {
    it("is the same amount in every spelling", () => {
        const amounts: [number, (string | number)[]][] = [
            [1024 ** 3, ["1Gi", "1024Mi", "1048576Ki", "1073741824", 1073741824]],
            [1e9, ["1G", "1000M", "1e9", "1E9", "1000000k"]],
            [0.25, ["250m", "0.25", 0.25, ".25", "250000u", "250000000n"]],
            [1e18, ["1E"]],
            [0.7, ["700m", "0.7"]],
            [0, ["0", 0, "0m"]],
        ];
        for (const [amount, spellings] of amounts) {
            for (const spelling of spellings) assert.equal(amountOf(spelling), amount, `${spelling}`);
        }
    });

    it("is NaN for any other text", () => {
        for (const text of ["", "much", "1Xi", "1.2.3", "Mi"]) assert.ok(Number.isNaN(amountOf(text)), text);
    });
});
