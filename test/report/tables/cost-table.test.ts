import assert from "node:assert/strict";
import type { Cell } from "../../../model/results.ts";
import { costTables } from "../../../report/tables/cost-table.ts";
import { roundCell as cell } from "../../model/fixtures.ts";

describe("costTables", () => {
    it("have CPU time and memory of each container, a line a size", () => {
        const [cpu, memory] = costTables({ cells: [cell, { ...cell, arm: "volume/chokidar" }] });
        assert.deepEqual(cpu?.rows, [["64 B", "50.0 us", "50.0 us", "100 us", "50.0 us", "50.0 us", "100 us"]]);
        assert.deepEqual(memory?.rows, [["64 B", "57 MiB", "57 MiB", "57 MiB", "57 MiB"]]);
    });

    it("say once why a figure of a container is unavailable", () => {
        const without = (one: Cell, size: number): Cell => ({ ...one, size, usage: undefined as never });
        const [cpu] = costTables({ cells: [without(cell, 64), without(cell, 1024)] });
        const reason = "unavailable: left out of the stack output to limit its size";
        assert.deepEqual(cpu?.rows, [
            ["64 B", "-", "-", "100 us", "-", "-", "-"],
            ["1 KiB", "-", "-", "100 us", "-", "-", "-"],
            `network/cluster-ip sender: ${reason}`,
            `network/cluster-ip receiver: ${reason}`,
        ]);
        assert.deepEqual(costTables({ cells: [] }), []);
    });
});
