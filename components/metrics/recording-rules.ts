import { metricNames } from "../../model/metric-names.ts";

/**
 * Names of the recorded series, by Prometheus' convention `level:metric:operation`. Container series have the labels
 * `namespace`, `pod`, `container` and `node`, Pod series the same without `container`, round trips `arm` and
 * `size_bytes`.
 */
export const recorded = {
    /** CPU seconds per second. */
    cpuCores: "hopcost:container_cpu_cores:rate10s",
    /** Seconds per second in which a container wanted to run and its CPU limit prevented it. */
    throttled: "hopcost:container_cpu_throttled:rate10s",
    memoryBytes: "hopcost:container_memory_bytes:max10s",
    /** Bytes per second. */
    blockReadBytes: "hopcost:container_block_read_bytes:rate10s",
    blockWriteBytes: "hopcost:container_block_write_bytes:rate10s",
    networkReceiveBytes: "hopcost:pod_network_receive_bytes:rate10s",
    networkSendBytes: "hopcost:pod_network_send_bytes:rate10s",
    /** Seconds, of all closed-loop cells since the container started. A cell is counted as a whole, when it ends. */
    roundTripP50: "hopcost:round_trip_seconds:p50",
    roundTripP99: "hopcost:round_trip_seconds:p99",
} as const;

/** A recording rule. */
export interface RecordingRule {
    record: string;
    expr: string;
}

/** The recording rules, as `rules.yml` holds them. */
export function recordingRules(): { groups: { name: string; rules: RecordingRule[] }[] } {
    const rate = (metric: string) => `sum by (namespace, pod, container, node) (rate(${metric}[10s]))`;
    // Containers of one Pod share its network and report the same values.
    const podRate = (metric: string) => `max by (namespace, pod, node) (rate(${metric}[10s]))`;
    const quantile = (q: number) =>
        `histogram_quantile(${q}, sum by (arm, size_bytes, le) (${metricNames.roundTripSeconds}_bucket))`;
    const expressions: Record<keyof typeof recorded, string> = {
        cpuCores: rate(metricNames.cpuSeconds),
        throttled: rate(metricNames.throttledSeconds),
        memoryBytes: `max by (namespace, pod, container, node) (max_over_time(${metricNames.memoryBytes}[10s]))`,
        blockReadBytes: rate(metricNames.blockReadBytes),
        blockWriteBytes: rate(metricNames.blockWriteBytes),
        networkReceiveBytes: podRate(metricNames.networkReceiveBytes),
        networkSendBytes: podRate(metricNames.networkSendBytes),
        roundTripP50: quantile(0.5),
        roundTripP99: quantile(0.99),
    };
    const rules = Object.entries(expressions).map(([name, expr]) => ({
        record: recorded[name as keyof typeof recorded],
        expr,
    }));
    return { groups: [{ name: "hopcost", rules }] };
}
