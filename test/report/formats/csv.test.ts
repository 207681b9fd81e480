import assert from "node:assert/strict";
import type { Results } from "../../../model/results.ts";
import { resultsCsv } from "../../../report/formats/csv.ts";
import { everyModeAt, journalOf, planOf, resultsOf } from "../../model/fixtures.ts";

const plan = planOf({ sizes: [64], ...everyModeAt(64) });
const results = resultsOf(plan, journalOf(plan));

/** Reads RFC 4180 strictly: quotes only around whole fields, CRLF after every record. */
function parsed(text: string): string[][] {
    const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
    const rows: string[][] = [[]];
    while (field.lastIndex < text.length) {
        const at = field.lastIndex;
        const match = field.exec(text);
        assert.ok(match, `not RFC 4180 at ${JSON.stringify(text.slice(at, at + 40))}`);
        rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
        if (match[3] === "\r\n") rows.push([]);
    }
    assert.deepEqual(rows.pop(), []);
    return rows;
}

function records(runs: Results[]): Record<string, string>[] {
    const [head = [], ...rows] = parsed(resultsCsv(runs));
    assert.ok(rows.every(({ length }) => length === head.length));
    return rows.map((row) => Object.fromEntries(row.map((value, column) => [head[column], value])));
}

describe("resultsCsv", () => {
    it("has a row for each cell of each mode, with its run", () => {
        assert.deepEqual(
            records([results, { ...results, runId: "run-2" }]).map((row) => [
                row.run_id,
                row.arm,
                row.mode,
                row.size_bytes,
            ]),
            ["run-1", "run-2"].flatMap((run) =>
                ["closed-loop", "phases", "constant-rate", "throughput"].flatMap((mode) =>
                    ["network/cluster-ip", "volume/chokidar"].flatMap((arm) =>
                        Array.from({ length: mode === "phases" ? 2 : 1 }, () => [run, arm, mode, "64"]),
                    ),
                ),
            ),
        );
    });

    it("has a row for each phase, whose time is its mean", () => {
        const rows = records([results]).filter(({ mode }) => mode === "phases");
        assert.deepEqual(
            rows.map((row) => [row.arm, row.phase, row.size_bytes, row.trials, row.mean_seconds, row.p50_seconds]),
            results.phases.flatMap(({ arm, size, trials, parts }) =>
                parts.map(({ name, seconds }) => [arm, name, String(size), String(trials), String(seconds), ""]),
            ),
        );
        assert.deepEqual([...new Set(rows.map(({ phase }) => phase))], ["write", "event seen"]);
        const others = records([results]).filter(({ mode }) => mode !== "phases");
        assert.ok(others.every(({ phase }) => phase === ""));
    });

    it("has a row for each cell in a mode of another version", () => {
        const cell = { arm: "network/carrier-pigeon", mode: "burst", size: 64, trials: 3, roundTrips: 500 };
        const otherModes = [{ ...cell, p50Seconds: 0.1, p90Seconds: 0.2 }];
        const row = records([{ ...results, otherModes }]).at(-1);
        assert.deepEqual(
            [
                row?.arm,
                row?.mode,
                row?.size_bytes,
                row?.round_trips,
                row?.p50_seconds,
                row?.p90_seconds,
                row?.p99_seconds,
            ],
            ["network/carrier-pigeon", "burst", "64", "500", "0.1", "0.2", ""],
        );
    });

    it("gives every figure of a cell as it was measured", () => {
        const [row = {}] = records([results]);
        const [cell] = results.cells;
        const [low, high] = cell?.p50IntervalSeconds ?? [];
        const figures = {
            trials: cell?.trials,
            round_trips: cell?.roundTrips,
            min_seconds: cell?.minSeconds,
            mean_seconds: cell?.meanSeconds,
            p50_seconds: cell?.p50Seconds,
            p50_low_seconds: low,
            p50_high_seconds: high,
            p90_seconds: cell?.p90Seconds,
            max_seconds: cell?.maxSeconds,
            throughput_bytes_per_second: cell?.throughputBytesPerSecond,
            cpu_seconds_per_round_trip: cell?.cpuSecondsPerRoundTrip,
            initiator_cpu_seconds: cell?.usage?.initiator.cpuSeconds,
            responder_memory_peak_bytes: cell?.usage?.responder.memoryPeakBytes,
        };
        assert.deepEqual(
            Object.fromEntries(Object.keys(figures).map((name) => [name, row[name]])),
            Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, String(figure)])),
        );
        assert.equal(row.unavailable, "");
    });

    it("leaves empty what does not exist, and says of what is unavailable why", () => {
        const cells = results.cells.map((cell) => ({
            ...cell,
            cpuSecondsPerRoundTrip: { unavailable: 'no "cpu.stat", or\r\nanything' },
        }));
        const [row = {}] = records([{ ...results, cells }]);
        assert.equal(row.p999_seconds, "");
        assert.equal(row.cpu_seconds_per_round_trip, "");
        assert.equal(row.unavailable, 'cpu_seconds_per_round_trip: no "cpu.stat", or\r\nanything');
    });

    it("quotes what separates fields", () => {
        const [row = {}] = records([{ ...results, runId: 'a,"b"\nc' }]);
        assert.equal(row.run_id, 'a,"b"\nc');
    });

    it("is the head alone without a cell", () => {
        assert.match(
            resultsCsv([resultsOf(plan, [])]),
            /^run_id,arm,mode,phase,size_bytes,[a-z0-9_,]+,unavailable\r\n$/,
        );
    });
});
