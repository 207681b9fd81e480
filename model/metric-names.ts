/**
 * The metrics at `GET /metrics` of each agent: names and units by Prometheus' conventions
 * (https://prometheus.io/docs/practices/naming/). The service discovery adds the labels `namespace`, `pod`, `container`
 * (the role) and `node`. A figure that the platform doesn't offer is absent, never 0.
 */
export const metricNames = {
    /** Histogram of measured closed-loop cells, without warm-up; labels `arm`, `size_bytes`. Initiators only. */
    roundTripSeconds: "hopcost_round_trip_seconds",
    /** Counter: payload bytes handed over in measured cells of every mode; label `arm`. Initiators only. */
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
    /** Gauge: lag of the agent's event loop at the scrape. */
    eventLoopLagSeconds: "nodejs_eventloop_lag_seconds",
    /** Gauge: start time of the agent, since 1970; a change means that the container was restarted. */
    processStartSeconds: "process_start_time_seconds",
} as const;

/** CPU time from the kubelet's cAdvisor. @see https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md */
export const cadvisorCpuSeconds = "container_cpu_usage_seconds_total";
/** Path of the metrics on an agent's port. */
export const metricsPath = "/metrics";
/** Seconds between two scrapes; short enough for several within a trial of a few seconds. */
export const scrapeSeconds = 1;
