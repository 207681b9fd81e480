import assert from "node:assert/strict";
import { shareWithInterval } from "../../../report/words/shares.ts";

describe("a share in words", () => {
    it("is a whole percentage, with its interval only if that differs", () => {
        assert.equal(shareWithInterval({ median: 0.274 }), "27%");
        assert.equal(shareWithInterval({ median: 0.274, interval: [0.25, 0.3] }), "27% [25% to 30%]");
        assert.equal(shareWithInterval({ median: 1, interval: [0.998, 1] }), "100%");
        assert.equal(shareWithInterval({ median: 0, interval: [0, 0.004] }), "0%");
    });
});
