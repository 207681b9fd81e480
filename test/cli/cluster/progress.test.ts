import assert from "node:assert/strict";
import { progressLine } from "../../../cli/cluster/progress.ts";
import type { Progress } from "../../../model/progress.ts";

const measuring: Progress = {
    phase: "measuring",
    ...{ trial: 1, trials: 9, cell: 30, cells: 120 },
    ...{ arm: "network/cluster-ip", mode: "closed-loop", size: 65_536 },
    remainingSeconds: 72.9,
};

describe("progressLine", () => {
    it("shows the time left, what is measured, and the share of all cells that are done", () => {
        assert.deepEqual(progressLine(measuring), {
            line: "measuring, 1m12s left: network/cluster-ip 64 KiB (trial 2 of 9)",
            share: 0.25,
        });
    });

    it("names the mode of a cell unless it is closed-loop", () => {
        const { line } = progressLine({ ...measuring, mode: "constant-rate" }) ?? {};
        assert.equal(line, "measuring, 1m12s left: network/cluster-ip 64 KiB constant-rate (trial 2 of 9)");
    });

    it("has no time left rather than a negative one", () => {
        const { line } = progressLine({ ...measuring, remainingSeconds: -3 }) ?? {};
        assert.equal(line, "measuring, 0s left: network/cluster-ip 64 KiB (trial 2 of 9)");
    });

    it("says nothing between two trials", () => {
        const { arm: _, ...between } = measuring;
        assert.equal(progressLine(between), undefined);
    });

    it("says after the last trial what is waited for", () => {
        const { arm: _, ...after } = { ...measuring, phase: "aggregating" as const, remainingSeconds: 0 };
        assert.deepEqual(progressLine(after), { line: "reading the results", share: 1 });
    });
});
