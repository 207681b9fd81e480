import assert from "node:assert/strict";
import type { PhaseBreakdown } from "../../../model/results.ts";
import { textGrid } from "../../../report/formats/text-grid.ts";
import { phasesTables } from "../../../report/tables/phases-table.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/tables/phases-table");

function breakdown(size: number, parts: Record<string, number>, arm: PhaseBreakdown["arm"] = "volume/chokidar") {
    const named = Object.entries(parts).map(([name, us]) => ({ name, seconds: us / 1e6 }));
    const totalSeconds = named.reduce((sum, { seconds }) => sum + seconds, 0);
    return { arm, size, trials: 3, totalSeconds, parts: named };
}

const linesOf = (phases: PhaseBreakdown[]) => phasesTables({ phases }).flatMap((grid) => textGrid(grid).split("\n"));

describe("phasesTables", () => {
    it("shows each part's time and a bar of the same length for every size, per arm", () => {
        const phases = [
            breakdown(64, { "request written": 20, end: 80 }, "network/cluster-ip"),
            breakdown(64, { write: 45, rename: 15, read: 240 }),
            breakdown(1024, { write: 500, rename: 250, read: 250 }),
        ];
        asText(
            "phasesTables shows each part's time and a bar of the same length for every size, per arm",
            linesOf(phases),
        );
    });

    it("shows a dash for a part that a size does not have", () => {
        const phases = [breakdown(64, { write: 30, read: 70 }), breakdown(1024, { write: 100 })];
        assert.match(linesOf(phases)[3] as string, /^1 KiB {2}100 us {3}100 us {8}- {2}#{20}$/);
    });

    it("is within 110 columns with up to eight parts of long names", () => {
        for (let count = 1; count <= 8; count++) {
            const names = Array.from({ length: count }, (_, index) => `${index}${"x".repeat(100)}`);
            const parts = Object.fromEntries(names.map((name) => [name, 1234.5]));
            for (const line of linesOf([breakdown(16_777_216, parts)])) {
                assert.ok(line.length <= 110, line);
            }
        }
    });

    it("is empty without phases", () => {
        assert.deepEqual(phasesTables({ phases: [] }), []);
    });
});
