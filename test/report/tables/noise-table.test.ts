import assert from "node:assert/strict";
import type { Results } from "../../../model/results.ts";
import { noiseTable } from "../../../report/tables/noise-table.ts";

describe("noiseTable", () => {
    it("has the network against itself, and what that makes of differences", () => {
        const arm = "network/cluster-ip-repeat";
        const reference = "network/cluster-ip";
        const comparisons: Results["comparisons"] = [
            { arm, reference, size: 64, ratio: 0.98, interval: [0.9, 1.05] },
            { arm, reference, size: 1024, ratio: 1.02 },
            { arm: "network/pod-ip", reference, size: 64, ratio: 0.5, interval: [0.4, 0.6] },
        ];
        const ratios = [{ size: 64, ratio: 5, verdict: "network faster", withinNoise: false, noise: 1.111 }] as const;
        assert.deepEqual(noiseTable({ comparisons, ratios: [...ratios] })?.rows, [
            ["64 B", "0.980", "0.900 to 1.05", "11%"],
            ["1 KiB", "1.02", "-", "-"],
        ]);
        assert.equal(noiseTable({ comparisons: comparisons.slice(2), ratios: [] }), undefined);
    });
});
