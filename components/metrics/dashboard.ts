// Only types: with them the compiler knows Grafana's fields, and nothing is installed with hopcost.
import type { AnnotationQuery, Dashboard, Panel as GrafanaPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";
import { metricNames } from "../../model/metric-names.ts";
import { recorded } from "./recording-rules.ts";
import { scrapeJobs } from "./scrape-config.ts";

/** Grafana's reference to the data source. */
export const dataSource = { type: "prometheus", uid: "prometheus" };

/** Grafana's JSON: their types also have a method, which marks a query for their builders. */
type Target = Omit<Dataquery, "_implementsDataqueryVariant">;

/** One query of a panel. */
interface Query {
    expr: string;
    /** Name of each series, with its labels in double braces. */
    legend: string;
}

/** What a panel shows. */
interface Panel {
    title: string;
    /** Grafana's name of the unit, e.g. `s`, `bytes`, `Bps`. */
    unit: string;
    queries: Query[];
    /** @default "timeseries" */
    type?: "timeseries" | "state-timeline";
    /** Whether the axis is logarithmic, for values that span orders of magnitude. @default false */
    logarithmic?: boolean;
}

const perContainer = "{{pod}} {{container}}";
const perCell = "{{arm}} {{size_bytes}} B";
const [columns, height] = [2, 8];
const width = 24 / columns;

/** The panels, in the order of the page. */
export function panels(clusterMetrics: boolean): Panel[] {
    const one = (title: string, unit: string, expr: string, legend: string): Panel => ({
        title,
        unit,
        queries: [{ expr, legend }],
    });
    const job = `{job="${scrapeJobs.workloads}"}`;
    return [
        {
            ...one("Running trial", "none", `max by (arm) (${metricNames.currentTrial})`, "{{arm}}"),
            type: "state-timeline",
        },
        one("Payload handed over", "Bps", `sum by (arm) (rate(${metricNames.payloadBytes}[1m]))`, "{{arm}}"),
        { ...one("Round trip, p50 since the start", "s", recorded.roundTripP50, perCell), logarithmic: true },
        { ...one("Round trip, p99 since the start", "s", recorded.roundTripP99, perCell), logarithmic: true },
        one("CPU (cores)", "none", recorded.cpuCores, perContainer),
        one("CPU throttled (seconds per second)", "none", recorded.throttled, perContainer),
        one("Memory", "bytes", recorded.memoryBytes, perContainer),
        {
            title: "Block I/O",
            unit: "Bps",
            queries: [
                { expr: recorded.blockReadBytes, legend: `${perContainer} read` },
                { expr: recorded.blockWriteBytes, legend: `${perContainer} written` },
            ],
        },
        {
            title: "Network of the Pods",
            unit: "Bps",
            queries: [
                { expr: recorded.networkReceiveBytes, legend: "{{pod}} received" },
                { expr: recorded.networkSendBytes, legend: "{{pod}} sent" },
            ],
        },
        one("Restarts in the last 10 minutes", "none", `changes(process_start_time_seconds${job}[10m])`, perContainer),
        one(
            "Misses, stale acks and failures",
            "none",
            `sum by (arm, kind) (${metricNames.errors})`,
            "{{arm}} {{kind}}",
        ),
        one("Event-loop lag of the agents", "s", `${metricNames.eventLoopLagSeconds}${job}`, perContainer),
        ...(clusterMetrics ? clusterPanels() : []),
    ];
}

/** Panels that need the kubelets' metrics. */
function clusterPanels(): Panel[] {
    const rateOf = (by: string, metric: string) => `sum by (${by}) (rate(${metric}[1m]))`;
    return [
        {
            title: "CPU by cAdvisor (cores)",
            unit: "none",
            queries: [{ expr: rateOf("pod, container", "container_cpu_usage_seconds_total"), legend: perContainer }],
        },
        {
            title: "CPU of the nodes (cores)",
            unit: "none",
            queries: [{ expr: rateOf("node", "node_cpu_usage_seconds_total"), legend: "{{node}}" }],
        },
    ];
}

/**
 * Marks the trials in every panel, with arm and number. Grafana leaves out a value of 0, such as the first trial's
 * index, so the index is a label.
 */
export const trialMarks = `count_values by (arm) ("trial", ${metricNames.currentTrial})`;

/** The dashboard, as Grafana reads it from a file. */
export function dashboard(clusterMetrics: boolean) {
    return {
        uid: "hopcost",
        title: "hopcost",
        tags: ["hopcost"],
        schemaVersion: 39,
        version: 1,
        editable: false,
        time: { from: "now-15m", to: "now" },
        refresh: "5s",
        templating: { list: [] },
        annotations: { list: [trialAnnotation] },
        panels: panels(clusterMetrics).map(panelJson),
    } satisfies Omit<Dashboard, "panels" | "annotations"> & { panels: object[]; annotations: object };
}

const trialAnnotation = {
    name: "Trials",
    enable: true,
    iconColor: "blue",
    datasource: dataSource,
    titleFormat: "{{arm}}",
    textFormat: "trial {{trial}}",
    // Grafana's default interval is a minute, and a trial can be shorter.
    target: { expr: trialMarks, refId: "Trials", interval: "1s" } satisfies Target,
} satisfies Omit<AnnotationQuery, "target"> & { target: Target };

function panelJson({ title, unit, queries, type, logarithmic }: Panel, index: number) {
    const scale = logarithmic ? { custom: { scaleDistribution: { type: "log", log: 10 } } } : {};
    return {
        id: index + 1,
        title,
        type: type ?? "timeseries",
        datasource: dataSource,
        gridPos: { x: (index % columns) * width, y: Math.floor(index / columns) * height, w: width, h: height },
        fieldConfig: { defaults: { unit, ...scale }, overrides: [] },
        targets: queries.map(({ expr, legend }, query) => ({
            refId: String.fromCharCode("A".charCodeAt(0) + query),
            datasource: dataSource,
            expr,
            legendFormat: legend,
            range: true,
        })),
    } satisfies Omit<GrafanaPanel, "targets"> & { targets: Target[] };
}
