import assert from "node:assert/strict";
import { mainArms, repeatArm } from "../../model/arms.ts";
import { type CellSizes, cellsOf } from "../../model/cells.ts";

describe("cellsOf", () => {
    const at: CellSizes = {
        ...{ sizes: [64, 1024], ablationSizes: [4096, 64], repeatSizes: [1024] },
        ...{ phaseSizes: [1024], constantRateSizes: [1024], throughputSizes: [1024] },
    };

    it("has main arms at all sizes and in every mode, the others at the ablation sizes, the floor at one", () => {
        assert.deepEqual(cellsOf([mainArms.volume], at), [
            { arm: mainArms.volume, mode: "closed-loop", sizes: [64, 1024] },
            { arm: mainArms.volume, mode: "phases", sizes: [1024] },
            { arm: mainArms.volume, mode: "constant-rate", sizes: [1024] },
            { arm: mainArms.volume, mode: "throughput", sizes: [1024] },
        ]);
        assert.deepEqual(cellsOf(["volume/disk", "floor/noop", repeatArm], at), [
            { arm: "volume/disk", mode: "closed-loop", sizes: [4096, 64] },
            { arm: "floor/noop", mode: "closed-loop", sizes: [64] },
            { arm: repeatArm, mode: "closed-loop", sizes: [1024] },
        ]);
    });

    it("leaves out a mode without sizes", () => {
        const none = { ...at, phaseSizes: [], constantRateSizes: [], throughputSizes: [] };
        const modes = cellsOf([mainArms.network], none).map(({ mode }) => mode);
        assert.deepEqual(modes, ["closed-loop"]);
    });
});
