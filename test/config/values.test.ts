import assert from "node:assert/strict";
import fc from "fast-check";
import { nearest } from "../../config/values.ts";

describe("nearest", () => {
    const keys = ["runId", "rounds", "profile", "warmupSeconds"];

    it("finds a word with a letter wrong, missing, or too many, in any case", () => {
        assert.deepEqual(
            ["runID", "round", "roundss", "prufile", "warmup_seconds"].map((word) => nearest(word, keys)),
            ["runId", "rounds", "rounds", "profile", "warmupSeconds"],
        );
    });

    it("finds none if none is similar", () => {
        assert.deepEqual(
            ["", "zzz", "namespace"].map((word) => nearest(word, keys)),
            [undefined, undefined, undefined],
        );
        assert.equal(nearest("runId", []), undefined);
    });

    it("finds a word itself", () => {
        fc.assert(fc.property(fc.constantFrom(...keys), (key) => nearest(key, keys) === key));
    });
});
