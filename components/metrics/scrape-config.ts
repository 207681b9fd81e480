import { cadvisorCpuSeconds, metricsPath, scrapeSeconds } from "../../model/metric-names.ts";
import { partOfHopcost } from "../../model/names.ts";
import { roles } from "../../model/roles.ts";

/** What is scraped. */
export interface ScrapeScope {
    /** Namespace of the measured Pods. */
    namespace: string;
    /** Whether to scrape nodes and the kubelet's cAdvisor too, which needs cluster-wide permissions. */
    clusterMetrics: boolean;
}

/** Names of the scrape jobs: values of each sample's label `job`. */
export const scrapeJobs = { workloads: "workloads", cadvisor: "cadvisor", kubelet: "kubelet" } as const;
/** The measured containers. Each has a port of the same name, on which its agent answers. */
export const measuredRoles = roles.filter((role) => role !== "driver");
/** Folder in which Kubernetes mounts a Pod's token. */
export const serviceAccountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/** cAdvisor reads each container every 10 to 16 seconds. Scraped more often, so that new values arrive soon. */
const cadvisorSeconds = 5;
const kubeletSeconds = 10;
const fromCadvisor = [
    cadvisorCpuSeconds,
    "container_cpu_cfs_throttled_seconds_total",
    "container_memory_working_set_bytes",
    "container_fs_reads_bytes_total",
    "container_fs_writes_bytes_total",
];
const fromKubelet = ["node_cpu_usage_seconds_total", "node_memory_working_set_bytes"];

/** The Pods of the experiment, as a label selector. */
const ourPods = Object.entries(partOfHopcost)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");

/** The configuration of Prometheus, as `prometheus.yml` holds it. */
export function prometheusConfig({ namespace, clusterMetrics }: ScrapeScope) {
    return {
        global: {
            scrape_interval: `${scrapeSeconds}s`,
            scrape_timeout: `${scrapeSeconds * 900}ms`,
            evaluation_interval: "5s",
        },
        rule_files: ["rules.yml"],
        scrape_configs: [workloads(namespace), ...(clusterMetrics ? [cadvisor(namespace), kubelet()] : [])],
    };
}

/**
 * The agents of the measured containers, found by the port named after the role. A target's own labels and timestamps
 * are ignored.
 */
function workloads(namespace: string) {
    return {
        job_name: scrapeJobs.workloads,
        metrics_path: metricsPath,
        honor_labels: false,
        honor_timestamps: false,
        kubernetes_sd_configs: [
            {
                role: "pod",
                namespaces: { names: [namespace] },
                selectors: [{ role: "pod", label: ourPods }],
            },
        ],
        relabel_configs: [
            // Finished Pods, such as evicted ones, stay listed and would count as down forever.
            { source_labels: [podLabel("phase")], regex: "Failed|Succeeded", action: "drop" },
            { source_labels: [podLabel("container_port_name")], regex: measuredRoles.join("|"), action: "keep" },
            { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
            { source_labels: [podLabel("name")], target_label: "pod" },
            { source_labels: [podLabel("container_name")], target_label: "container" },
            { source_labels: [podLabel("node_name")], target_label: "node" },
        ],
    };
}

/** The kubelet's cAdvisor on the measured containers: a second witness. Its samples have their own timestamps. */
function cadvisor(namespace: string) {
    return {
        ...nodes(scrapeJobs.cadvisor, "/metrics/cadvisor", cadvisorSeconds),
        honor_timestamps: true,
        metric_relabel_configs: [
            {
                source_labels: ["__name__", "namespace", "container"],
                regex: `(${fromCadvisor.join("|")});${namespace};(${measuredRoles.join("|")})`,
                action: "keep",
            },
        ],
    };
}

/** The kubelet's metrics of its whole node. */
function kubelet() {
    return {
        ...nodes(scrapeJobs.kubelet, "/metrics/resource", kubeletSeconds),
        metric_relabel_configs: [{ source_labels: ["__name__"], regex: fromKubelet.join("|"), action: "keep" }],
    };
}

/** A job with each kubelet as a target, at its own address: the API server's proxy would need more permissions. */
function nodes(job: string, path: string, seconds: number) {
    return {
        job_name: job,
        metrics_path: path,
        scheme: "https",
        scrape_interval: `${seconds}s`,
        scrape_timeout: `${seconds}s`,
        honor_labels: false,
        authorization: { credentials_file: `${serviceAccountPath}/token` },
        // Most kubelets (kubeadm, minikube, k3d) have self-signed certificates, so no CA can verify them. The token
        // that is sent allows only what cluster-access.ts lists.
        tls_config: { insecure_skip_verify: true },
        kubernetes_sd_configs: [{ role: "node" }],
        relabel_configs: [{ source_labels: ["__meta_kubernetes_node_name"], target_label: "node" }],
    };
}

function podLabel(name: string): string {
    return `__meta_kubernetes_pod_${name}`;
}
