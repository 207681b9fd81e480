import assert from "node:assert/strict";
import { recorded, recordingRules } from "../../../components/metrics/recording-rules.ts";
import { buildMs } from "../../support/build-limit.ts";
import { accepts, promtool } from "./promtool.ts";

const rules = recordingRules();
const container = 'namespace="bench",pod="vol-1",container="writer",node="n"';
const target = `${container},job="workloads",instance="10.0.0.1:7070"`;
const pod = 'namespace="bench",pod="vol-1",node="n"';
const cell = 'arm="volume/chokidar",size_bytes="64"';

/** A series of one minute with one sample per second, in promtool's notation: from 0, by a step. */
const series = (name: string, labels: string, step: number, from = 0) => ({
    series: `${name}{${labels}}`,
    values: `${from}+${step}x60`,
});
const histogram = (le: string, count: number) =>
    series("hopcost_round_trip_seconds_bucket", `${cell},le="${le}"`, 0, count);

/** Asserts the value of a recorded series after half a minute. */
const judged = (input: object[], metric: string, labels: string, value: number) =>
    promtool(["test", "rules", "test.yml"], {
        "rules.yml": rules,
        "test.yml": {
            rule_files: ["rules.yml"],
            evaluation_interval: "5s",
            fuzzy_compare: true, // the last bits of a rate
            tests: [
                {
                    interval: "1s",
                    input_series: input,
                    promql_expr_test: [
                        { expr: metric, eval_time: "30s", exp_samples: [{ labels: `${metric}{${labels}}`, value }] },
                    ],
                },
            ],
        },
    });

describe("the recording rules", function () {
    this.timeout(buildMs);
    const gives = async (input: object[], metric: string, labels: string, value: number) => {
        const { accepted, output } = await judged(input, metric, labels, value);
        assert.ok(accepted, output);
        assert.equal((await judged(input, metric, labels, value * 1.01)).accepted, false, metric);
    };

    it("are accepted by promtool", async () => {
        await accepts(["check", "rules", "--lint=all", "--lint-fatal", "rules.yml"], { "rules.yml": rules });
        const [{ rules: list = [] } = {}] = rules.groups;
        assert.deepEqual(list.map(({ record }) => record).sort(), Object.values(recorded).sort());
    });

    it("give the CPU in cores, and the throttled seconds per second", async () => {
        await gives([series("hopcost_container_cpu_seconds_total", target, 0.5)], recorded.cpuCores, container, 0.5);
        const throttled = series("hopcost_container_cpu_throttled_seconds_total", target, 0.125);
        await gives([throttled], recorded.throttled, container, 0.125);
    });

    it("give the largest memory of ten seconds, not the last", async () => {
        const values = `${"100 ".repeat(24)}300 ${"100 ".repeat(36)}`;
        const memory = { series: `hopcost_container_memory_bytes{${target}}`, values };
        await gives([memory], recorded.memoryBytes, container, 300);
    });

    it("give block I/O in bytes per second", async () => {
        await gives(
            [series("hopcost_container_block_read_bytes_total", target, 4096)],
            recorded.blockReadBytes,
            container,
            4096,
        );
        await gives(
            [series("hopcost_container_block_write_bytes_total", target, 8192)],
            recorded.blockWriteBytes,
            container,
            8192,
        );
    });

    it("count the network of a Pod once, although each of its containers reports it", async () => {
        const other = target.replace("writer", "reader").replace("7070", "7071");
        for (const [metric, record] of [
            ["hopcost_pod_network_receive_bytes_total", recorded.networkReceiveBytes],
            ["hopcost_pod_network_send_bytes_total", recorded.networkSendBytes],
        ] as const) {
            await gives([series(metric, target, 1000), series(metric, other, 1000)], record, pod, 1000);
        }
    });

    it("give p50 and p99 of the round trips of each arm and size, from the first cell on", async () => {
        // No increase is visible: a cell is counted as a whole, so its series starts at the total.
        const input = [histogram("0.001", 60), histogram("0.002", 80), histogram("0.004", 100), histogram("+Inf", 100)];
        await gives(input, recorded.roundTripP50, cell, 0.001 * (50 / 60));
        await gives(input, recorded.roundTripP99, cell, 0.002 + 0.002 * (19 / 20));
    });
});
