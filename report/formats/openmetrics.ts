import { Gauge, Registry, Summary } from "@prometheus-io/client";
import { ReportError } from "../../model/error.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Cell, Results } from "../../model/results.ts";
import { densityGauges } from "./density-gauges.ts";
import { scenarioGauges } from "./scenario-gauges.ts";

type Labels = Partial<Record<string, string | number>>;
interface Value {
    labels: Labels;
    value: number;
    metricName?: string;
}

/** A summary with known quantiles: the library computes them from observations, which don't exist here. */
class KnownSummary extends Summary<string> {
    readonly #values: Value[];

    constructor(name: string, help: string, values: Value[]) {
        super({ name, help, registers: [] });
        this.#values = values;
    }

    override async get() {
        return { ...(await super.get()), values: this.#values };
    }
}

/**
 * Results as OpenMetrics text, for Prometheus' textfile collector or a push gateway: base units, `size` in bytes, a
 * `run_id` on every figure. Missing and unavailable figures have no line. Ends with `# EOF`.
 * @throws ReportError if two runs have the same id: a reader rejects a whole text that has a figure twice
 */
export async function resultsOpenMetrics(runs: readonly Results[]): Promise<string> {
    const ids = runs.map(({ runId }) => runId);
    const twice = ids.find((id, index) => ids.indexOf(id) < index);
    if (twice !== undefined) {
        throw new ReportError(
            `two runs have the id "${twice}", but OpenMetrics identifies figures by it; write one file per run`,
        );
    }
    const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    registry.registerMetric(
        new KnownSummary(
            "hopcost_round_trip_seconds",
            "Closed-loop round trips of an arm at a payload size in bytes",
            runs.flatMap(({ runId, cells }) => cells.flatMap((cell) => summaryOf(runId, cell))),
        ),
    );
    const gauge = (name: string, help: string, values: readonly Value[]) => {
        if (values.length === 0) return;
        const labelNames = [...new Set(values.flatMap(({ labels }) => Object.keys(labels)))];
        const metric = new Gauge({ name, help, labelNames, registers: [registry] });
        for (const { labels, value } of values) metric.set(labels, value);
    };
    for (const { name, help, of } of gauges) gauge(name, help, runs.flatMap(of));
    return registry.metrics();
}

function summaryOf(runId: string, cell: Cell): Value[] {
    const labels = { run_id: runId, arm: cell.arm, size: cell.size };
    const quantiles = [
        [0.5, cell.p50Seconds],
        [0.9, cell.p90Seconds],
        [0.99, cell.p99Seconds],
        [0.999, cell.p999Seconds],
    ] as const;
    return [
        ...quantiles.flatMap(([quantile, value]) =>
            value === undefined ? [] : [{ labels: { ...labels, quantile }, value }],
        ),
        { metricName: "hopcost_round_trip_seconds_sum", labels, value: cell.meanSeconds * cell.roundTrips },
        { metricName: "hopcost_round_trip_seconds_count", labels, value: cell.roundTrips },
    ];
}

const gauges: readonly { name: string; help: string; of: (results: Results) => Value[] }[] = [
    {
        name: "hopcost_volume_network_ratio",
        help: "Median of the shared volume over the network's: above 1 the network is faster",
        of: ({ runId, ratios }) => ratios.map(({ size, ratio }) => ({ labels: { run_id: runId, size }, value: ratio })),
    },
    {
        name: "hopcost_volume_network_ratio_bound",
        help: "End of the 95% interval of hopcost_volume_network_ratio",
        of: ({ runId, ratios }) =>
            ratios.flatMap(({ size, interval }) =>
                (interval ?? []).map((value, end) => ({
                    labels: { run_id: runId, size, bound: end === 0 ? "lower" : "upper" },
                    value,
                })),
            ),
    },
    {
        name: "hopcost_noise_floor_ratio",
        help: "How far from 1 noise can move a ratio: the network against itself",
        of: ({ runId, ratios }) =>
            ratios.flatMap(({ size, noise }) =>
                noise === undefined ? [] : [{ labels: { run_id: runId, size }, value: noise }],
            ),
    },
    {
        name: "hopcost_crossover_bytes",
        help: "Payload size at which the faster arm changes",
        of: ({ runId, crossover }) =>
            crossover === undefined ? [] : [{ labels: { run_id: runId }, value: crossover.size }],
    },
    {
        name: "hopcost_round_trip_cpu_seconds",
        help: "CPU time of a round trip, by container (initiator, responder)",
        of: ({ runId, cells }) => ofEnds(runId, cells, "cpuSeconds"),
    },
    {
        name: "hopcost_memory_peak_bytes",
        help: "Peak memory of a container since it was started",
        of: ({ runId, cells }) => ofEnds(runId, cells, "memoryPeakBytes"),
    },
    {
        name: "hopcost_run_complete",
        help: "1 if the run is complete, else 0",
        of: ({ runId, complete, plan }) => [
            { labels: { run_id: runId, profile: plan.profile }, value: complete ? 1 : 0 },
        ],
    },
    {
        name: "hopcost_run_start_time_seconds",
        help: "When the first trial was measured, seconds since 1970",
        of: ({ runId, startedAt }) =>
            startedAt === "" ? [] : [{ labels: { run_id: runId }, value: Date.parse(startedAt) / 1000 }],
    },
    ...scenarioGauges,
    ...densityGauges,
];

function ofEnds(runId: string, cells: readonly Cell[], figure: "cpuSeconds" | "memoryPeakBytes"): Value[] {
    return cells.flatMap(({ arm, size, usage }) =>
        usage === undefined
            ? []
            : (["initiator", "responder"] as const).flatMap((container) => {
                  const value = usage[container][figure];
                  return isUnavailable(value) ? [] : [{ labels: { run_id: runId, arm, size, container }, value }];
              }),
    );
}
