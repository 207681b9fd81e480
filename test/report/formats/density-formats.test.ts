import assert from "node:assert/strict";
import { resultsCsv } from "../../../report/formats/csv.ts";
import { resultsMarkdown } from "../../../report/formats/markdown.ts";
import { resultsOpenMetrics } from "../../../report/formats/openmetrics.ts";
import { densityRunOf } from "../density.ts";
import { scenarioRunOf } from "../injections.ts";

const run = densityRunOf();
const [network, volume] = run.scenarios.density ?? [];

describe("density in a CSV", () => {
    const [head = "", ...lines] = resultsCsv([run]).split("\r\n");
    const names = head.split(",");
    const rows = lines
        .map((line) => line.split(","))
        .map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])));

    it("has a row for each number of pairs", () => {
        const steps = rows.filter(({ mode }) => mode === "density");
        assert.deepEqual(
            steps.map(({ topology, pairs, p99_seconds, memory_bytes }) => [topology, pairs, p99_seconds, memory_bytes]),
            [network, volume].flatMap((cell) =>
                (cell?.steps ?? []).map(({ pairs, p99Seconds, memoryBytes }) => [
                    cell?.topology,
                    ...[pairs, "median" in p99Seconds && p99Seconds.median].map(String),
                    String("median" in memoryBytes && memoryBytes.median),
                ]),
            ),
        );
    });

    it("has a row for what one pair more adds, with the reason for what is not known", () => {
        const slopes = rows.filter(({ mode }) => mode === "density-slope");
        assert.deepEqual(
            slopes.map((row) => [
                row.topology,
                row.cpu_cores,
                row.cpu_low_cores,
                row.pods_per_pair,
                row.doubled_at_pairs,
            ]),
            [
                ["network", "0.06", "0.06", "2", "3"],
                ["volume", "0.05", "0.05", "1", ""],
            ],
        );
        assert.match(slopes[1]?.unavailable ?? "", /^doubled_at_pairs: larger than can be said/);
    });

    it("adds no columns to a run without it", () => {
        assert.doesNotMatch(resultsCsv([scenarioRunOf()]).split("\r\n")[0] ?? "", /pairs|cpu_cores/);
    });
});

describe("density in OpenMetrics", () => {
    it("has medians and the ends of their intervals, and infinity for what was not reached", async () => {
        const text = await resultsOpenMetrics([run]);
        const labels = 'run_id="run-1",topology="network"';
        const expected = [
            `hopcost_density_latency_seconds{${labels},pairs="1",quantile="0.5"} 0.00125`,
            `hopcost_density_latency_bound_seconds{${labels},pairs="1",quantile="0.99",bound="lower"} 0.004`,
            `hopcost_density_cpu_slope_cores{${labels}} 0.06`,
            `hopcost_density_memory_bytes{${labels},pairs="8"} 960000000`,
            `hopcost_density_doubling_pairs{${labels}} 3`,
            'hopcost_density_doubling_pairs{run_id="run-1",topology="volume"} +Inf',
        ];
        const lines = new Set(text.split("\n"));
        assert.deepEqual(
            expected.filter((line) => !lines.has(line)),
            [],
        );
        assert.doesNotMatch(await resultsOpenMetrics([scenarioRunOf()]), /density/);
    });
});

describe("density in Markdown", () => {
    it("has its tables", () => {
        const text = resultsMarkdown([run]);
        assert.ok(text.includes("<summary>Several pairs at once</summary>"));
        assert.ok(text.includes("p99 doubled at"));
    });
});
