import assert from "node:assert/strict";
import { resultsOpenMetrics } from "../../../report/formats/openmetrics.ts";
import { journalOf, planOf, resultsOf } from "../../model/fixtures.ts";
import { scenarioRunOf } from "../injections.ts";
import { sharedRunOf } from "../shares.ts";

const plan = planOf({ arms: ["network/cluster-ip", "network/cluster-ip-repeat", "volume/chokidar"], sizes: [64] });
const results = resultsOf(plan, journalOf(plan));

describe("resultsOpenMetrics", () => {
    it("has the round trips of each arm and size as a summary", async () => {
        const text = await resultsOpenMetrics([results]);
        const [cell] = results.cells;
        const labels = 'run_id="run-1",arm="network/cluster-ip",size="64"';
        const lines = text.split("\n").filter((line) => line.includes(labels) && line.includes("round_trip_seconds"));
        assert.deepEqual(lines, [
            `hopcost_round_trip_seconds{${labels},quantile="0.5"} ${cell?.p50Seconds}`,
            `hopcost_round_trip_seconds{${labels},quantile="0.9"} ${cell?.p90Seconds}`,
            `hopcost_round_trip_seconds_sum{${labels}} ${(cell?.meanSeconds ?? 0) * (cell?.roundTrips ?? 0)}`,
            `hopcost_round_trip_seconds_count{${labels}} ${cell?.roundTrips}`,
        ]);
    });

    it("names every figure in base units, with a help and a type, and ends as OpenMetrics does", async () => {
        const text = await resultsOpenMetrics([results]);
        assert.deepEqual(
            [...text.matchAll(/^# TYPE (.*)$/gm)].map(([, type]) => type),
            [
                "hopcost_round_trip_seconds summary",
                "hopcost_volume_network_ratio gauge",
                "hopcost_volume_network_ratio_bound gauge",
                "hopcost_noise_floor_ratio gauge",
                "hopcost_round_trip_cpu_seconds gauge",
                "hopcost_memory_peak_bytes gauge",
                "hopcost_run_complete gauge",
                "hopcost_run_start_time_seconds gauge",
            ],
        );
        assert.ok(
            text.includes(`\nhopcost_volume_network_ratio{run_id="run-1",size="64"} ${results.ratios[0]?.ratio}\n`),
        );
        assert.ok(text.includes('\nhopcost_run_complete{run_id="run-1",profile="standard"} 1\n'));
        assert.ok(text.includes('\nhopcost_run_start_time_seconds{run_id="run-1"} 1795255200\n'));
        assert.ok(text.endsWith("\n# EOF\n"));
    });

    it("has no line for what is unavailable", async () => {
        const cells = results.cells.map(({ usage, ...cell }) => cell);
        const text = await resultsOpenMetrics([{ ...results, cells, ratios: [], complete: false }]);
        assert.doesNotMatch(text, /memory_peak|ratio|noise/);
        assert.ok(text.includes('hopcost_run_complete{run_id="run-1",profile="standard"} 0'));
    });

    it("rejects runs with the same id, whose figures would appear twice", async () => {
        await assert.rejects(resultsOpenMetrics([results, { ...results, runId: "run-2" }, { ...results }]), {
            name: "ReportError",
            message: 'two runs have the id "run-1", but OpenMetrics identifies figures by it; write one file per run',
        });
    });

    it("escapes what is in a label", async () => {
        const text = await resultsOpenMetrics([{ ...results, runId: 'a"b\\c\nd' }]);
        assert.ok(text.includes('run_id="a\\"b\\\\c\\nd"'));
    });

    it("has the scenarios with their topology and flow, and infinity for what was longer than watched", async () => {
        const run = scenarioRunOf();
        const lines = (await resultsOpenMetrics([run])).split("\n");
        const [cell] = run.scenarios.cells;
        const of = (scenario: string, topology: string) =>
            `run_id="run-1",scenario="${scenario}",topology="${topology}",flow="once"`;
        const labels = of("kill-process", "network");
        for (const line of [
            `hopcost_scenario_outage_seconds{${labels},quantile="0.5"} ${cell?.outage.median}`,
            `hopcost_scenario_outage_seconds{${labels},quantile="1"} ${Math.max(...((cell?.outages ?? []) as number[]))}`,
            `hopcost_scenario_outage_bound_seconds{${labels},bound="upper"} ${cell?.outage.interval?.[1]}`,
            `hopcost_scenario_messages{${labels},outcome="failed"} ${cell?.outcomes.failed}`,
            `hopcost_scenario_outage_seconds{${of("hang", "network")},quantile="0.5"} +Inf`,
            `hopcost_scenario_injections{${of("hang", "network")},state="censored"} 20`,
            'hopcost_scenario_as_expected{run_id="run-1",scenario="hang",topology="volume"} 0',
        ]) {
            assert.ok(lines.includes(line), line);
        }
        const shams = lines.filter((line) => line.includes('scenario="sham"'));
        assert.ok(shams.length > 0 && !shams.some((line) => line.includes("reaction")));
    });

    it("has the shares of replicas, and infinity if a new one never had its own", async () => {
        const lines = (await resultsOpenMetrics([sharedRunOf()])).split("\n");
        const of = (flow: string) => `run_id="run-1",scenario="scale-out",topology="network",flow="${flow}"`;
        const found = (name: string) =>
            Number(
                lines
                    .find((line) => line.startsWith(`${name} `))
                    ?.split(" ")
                    .at(-1)
                    ?.replace("+Inf", "Infinity"),
            );
        assert.equal(found(`hopcost_scenario_busiest_share_ratio{${of("once")}}`), 1);
        assert.ok(found(`hopcost_scenario_busiest_share_ratio{${of("once-fresh")}}`) < 0.35);
        assert.equal(found(`hopcost_scenario_share_seconds{${of("once")}}`), Number.POSITIVE_INFINITY);
        assert.ok(found(`hopcost_scenario_share_seconds{${of("once-fresh")}}`) < 3);
        assert.ok(found(`hopcost_scenario_share_bound_seconds{${of("once-fresh")},bound="upper"}`) < 5);
        const without = await resultsOpenMetrics([scenarioRunOf()]);
        assert.ok(!without.includes("busiest_share"));
    });
});
