/**
 * What Prometheus finds at `GET /metrics` of each agent: names and units by Prometheus' conventions
 * (https://prometheus.io/docs/practices/naming/). The service discovery adds the labels `namespace`, `pod`, `container`
 * (the role) and `node`. A figure that the platform doesn't offer is absent, never 0.
 */
export const metricNames = {
    /** Histogram, closed-loop cells that were measured, without warm-up; labels `arm`, `size_bytes`. Of initiators. */
    roundTripSeconds: "hopcost_round_trip_seconds",
    /** Counter: payload bytes handed over in measured cells of every mode; label `arm`. Of initiators. */
    payloadBytes: "hopcost_payload_bytes_total",
    /**
     * Counter; labels `arm` and `kind`: `miss`, `stale_ack` (of measured cells, at the initiator) or `failed` (a request
     * to the measured process that failed).
     */
    errors: "hopcost_errors_total",
    /** Gauge: index of the trial whose measured process is running; label `arm`. Absent between trials. */
    currentTrial: "hopcost_current_trial",
    /** Counters and gauges of the container's cgroup. */
    cpuSeconds: "hopcost_container_cpu_seconds_total",
    throttledSeconds: "hopcost_container_cpu_throttled_seconds_total",
    memoryBytes: "hopcost_container_memory_bytes",
    blockReadBytes: "hopcost_container_block_read_bytes_total",
    blockWriteBytes: "hopcost_container_block_write_bytes_total",
    /** Counters of the Pod's network, without `lo`. */
    networkReceiveBytes: "hopcost_pod_network_receive_bytes_total",
    networkSendBytes: "hopcost_pod_network_send_bytes_total",
    /** Gauge: how late the agent's event loop is, at the scrape. */
    eventLoopLagSeconds: "nodejs_eventloop_lag_seconds",
    /** Gauge: when the agent started, since 1970: another one means that the container was restarted. */
    processStartSeconds: "process_start_time_seconds",
} as const;

/** CPU time by the kubelet's cAdvisor. @see https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md */
export const cadvisorCpuSeconds = "container_cpu_usage_seconds_total";
/** Path of the metrics on an agent's port. */
export const metricsPath = "/metrics";
/** Seconds between two scrapes: a trial of a few seconds must hold several. */
export const scrapeSeconds = 1;
