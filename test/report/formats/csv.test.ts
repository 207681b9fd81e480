import assert from "node:assert/strict";
import type { Results } from "../../../model/results.ts";
import { resultsCsv } from "../../../report/formats/csv.ts";
import { everyModeAt, journalOf, planOf, resultsOf } from "../../model/fixtures.ts";
import { scenarioRunOf } from "../injections.ts";
import { sharedRunOf } from "../shares.ts";

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

    describe("with scenarios", () => {
        const run = scenarioRunOf();
        const rows = records([run]).filter(({ mode }) => mode === "scenario");

        it("has a row for each of their cells, and its columns only then", () => {
            assert.deepEqual(
                rows.map(({ run_id, scenario, topology, flow }) => [run_id, scenario, topology, flow]),
                run.scenarios.cells.map(({ scenario, topology, flow }) => ["run-1", scenario, topology, flow]),
            );
            const [head = ""] = resultsCsv([results]).split("\r\n");
            assert.doesNotMatch(head, /scenario|outage/);
            assert.match(
                resultsCsv([results, run]),
                /^run_id,arm,.*_loopback_bytes,scenario,.*,expected,unavailable\r\n/m,
            );
        });

        it("has the figures of a cell as measured, and says of a censored one that it was longer than watched", () => {
            const [first = {}] = rows;
            const [cell] = run.scenarios.cells;
            const figures = {
                outage_seconds: cell?.outage.median,
                outage_low_seconds: cell?.outage.interval?.[0],
                outage_censored: 0,
                slots_failed: cell?.outcomes.failed,
                slots_delivered_unacknowledged: 0,
                undelivered_high: cell?.undelivered.interval?.[1],
                watched_seconds: 75,
                expected: "yes",
            };
            for (const [name, value] of Object.entries(figures)) assert.equal(first[name], String(value), name);
            const hang = rows.find(({ scenario, topology }) => scenario === "hang" && topology === "network");
            assert.deepEqual([hang?.outage_seconds, hang?.outage_censored], ["", "20"]);
            assert.match(hang?.unavailable ?? "", /^outage_seconds: longer than watched \(75 s\); /);
        });

        it("has the shares of replicas in the rows of their cells", () => {
            const shared = sharedRunOf();
            const ofFlow = (wanted: string) =>
                records([shared]).find(({ topology, flow }) => topology === "network" && flow === wanted);
            const [once, fresh] = [ofFlow("once"), ofFlow("once-fresh")];
            assert.deepEqual([once?.replicas, once?.busiest_share, once?.share_seconds], ["4", "1", ""]);
            assert.equal(once?.share_censored, "6");
            assert.match(once?.unavailable ?? "", /share_seconds: longer than watched/);
            assert.ok(Number(fresh?.share_seconds) > 0 && Number(fresh?.busiest_share) < 0.35);
            assert.ok(rows.every((row) => row.busiest_share === ""));
        });
    });
});
