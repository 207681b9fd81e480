import assert from "node:assert/strict";
import type { Cell } from "../../../model/results.ts";
import { cellsTables } from "../../../report/tables/cells-table.ts";
import { roundCell as cell } from "../../model/fixtures.ts";
import { largeResults } from "../../model/large-results.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/tables/cells-table");

describe("cellsTables", () => {
    it("have every figure of a cell", () => {
        const [times, counts, usage] = cellsTables({ cells: [cell] });
        assert.deepEqual(
            times?.head.map((head, column) => `${head}: ${times.rows[0]?.[column]}`),
            [
                ...["arm: network/cluster-ip", "size: 64 B", "trials: 10", "round trips: 12345", "min: 90.0 us"],
                ...["mean: 110 us", "p50: 100 us", "p50, 95% CI: 98.0 us to 102 us", "p90: 150 us", "p99: 400 us"],
                ...["p99, 95% CI: 350 us to 450 us", "p99.9: 2.00 ms", "max: 10.0 ms"],
            ],
        );
        assert.deepEqual(
            counts?.head.map((head, column) => `${head}: ${counts.rows[0]?.[column]}`),
            [
                ...["arm: network/cluster-ip", "size: 64 B", "throughput: 625 KiB/s", "misses: 1", "stale acks: 2"],
                ...["GCs: 3", "GC time: 12.3 ms", "CPU/trip: 100 us"],
            ],
        );
        assert.deepEqual(
            usage?.head.map((head, column) => `${head}: ${usage.rows[1]?.[column]}`),
            [
                ...[
                    "arm: network/cluster-ip",
                    "size: 64 B",
                    "container: responder",
                    "CPU: 50.0 us",
                    "throttled in total: 0 us",
                ],
                ...["memory peak: 57 MiB", "block read: 0 B", "block write: 0 B", "read: 0 B", "write: 0 B"],
                ...["switches: 1.00", "involuntary: 0", "net in: 0 B", "net out: 0 B", "loopback: 0 B"],
            ],
        );
    });

    it("have a dash for what does not exist, and the reasons of what is unavailable below", () => {
        const { p99Seconds, p99IntervalSeconds, p50IntervalSeconds, ...short } = cell;
        const unavailable = { unavailable: "no io.stat here" };
        const initiator = { ...(cell.usage as NonNullable<Cell["usage"]>).initiator };
        const usage = {
            initiator: { ...initiator, blockReadBytes: unavailable, blockWriteBytes: unavailable },
            responder: initiator,
        };
        const [times, , used] = cellsTables({ cells: [{ ...short, usage }] });
        assert.deepEqual(times?.rows[0]?.slice(7, 11), ["-", "150 us", "-", "-"]);
        assert.deepEqual(used?.rows[0]?.slice(6, 8), ["-", "-"]);
        asText(
            "cellsTables have a dash for what does not exist, and the reasons of what is unavailable below",
            used?.rows.at(-1) ?? "",
        );
    });

    it("show of very many cells what the main arms used, and say so", () => {
        const large = largeResults();
        const [times, , usage] = cellsTables(large);
        assert.equal(times?.rows.length, large.cells.length);
        assert.equal(usage?.rows.length, 2 * 2 * 385);
        asText("cellsTables show of very many cells what the main arms used, and say so", usage?.caption ?? "");
    });

    it("are none without a cell", () => {
        assert.deepEqual(cellsTables({ cells: [] }), []);
    });
});
