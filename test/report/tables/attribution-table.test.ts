import assert from "node:assert/strict";
import type { Results } from "../../../model/results.ts";
import { attributionTable } from "../../../report/tables/attribution-table.ts";

describe("attributionTable", () => {
    it("has what the slower arm's time goes to, parts below 0 included", () => {
        const parts = [
            { cause: "chokidar", seconds: 0.0005, share: 0.61, interval: [0.55, 0.67] as [number, number] },
            { cause: "the volume itself", seconds: -0.00001, share: -0.012 },
        ];
        const attributions: Results["attributions"] = [{ size: 64, arm: "volume/chokidar", parts }];
        assert.deepEqual(attributionTable({ attributions })?.rows, [
            ["64 B", "volume/chokidar", "chokidar", "500 us", "61%", "55% to 67%"],
            ["", "", "the volume itself", "-10.0 us", "-1.2%", "-"],
        ]);
        assert.equal(attributionTable({ attributions: [] }), undefined);
    });
});
