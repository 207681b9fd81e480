import assert from "node:assert/strict";
import { parse } from "yaml";
import { prometheusFiles } from "../../../components/metrics/prometheus.ts";
import { prometheusConfig, serviceAccountPath } from "../../../components/metrics/scrape-config.ts";
import { MetricsStack } from "../../../components/metrics-stack.ts";
import { NetworkPair } from "../../../components/network-pair.ts";
import { SharedVolumePod } from "../../../components/shared-volume-pod.ts";
import { scrapeSeconds } from "../../../model/metric-names.ts";
import { buildMs } from "../../support/build-limit.ts";
import { ofKind, type Registered, settled, startRecording } from "../mocks.ts";
import { accepts, promtool } from "./promtool.ts";

type Labels = Record<string, string>;
type Config = ReturnType<typeof prometheusConfig>;
type Job = Config["scrape_configs"][number];
interface StaticConfig {
    targets: string[];
    labels?: Labels;
}

const configs = [false, true].map((clusterMetrics) => prometheusConfig({ namespace: "bench", clusterMetrics }));
const [plain, whole] = configs as [Config, Config];
const jobOf = (name: string) => whole.scrape_configs.find(({ job_name }) => job_name === name) as Job;

/**
 * The configuration with these targets instead of Kubernetes' ones, and without the token's file, which exists only in
 * a Pod.
 */
function discovering(config: Config, targets: StaticConfig[]): object {
    const jobs = config.scrape_configs.map(({ kubernetes_sd_configs, ...job }: Job & { authorization?: object }) => {
        assert.ok(kubernetes_sd_configs.length === 1);
        const { authorization: _, ...rest } = job;
        return { ...rest, static_configs: targets };
    });
    return { ...config, scrape_configs: jobs };
}

describe("the configuration of Prometheus", function () {
    this.timeout(buildMs);

    it("is accepted by promtool, with its rules, with and without the kubelets", async () => {
        for (const [index, config] of configs.entries()) {
            const files = prometheusFiles({ namespace: "bench", clusterMetrics: index === 1 });
            assert.deepEqual(parse(files["prometheus.yml"] ?? ""), config);
            await accepts(["check", "config", "--syntax-only", "--lint=all", "--lint-fatal", "prometheus.yml"], files);
        }
        const broken = { ...discovering(plain, []), rule_files: ["gone.yml"] };
        assert.equal((await promtool(["check", "config", "p.yml"], { "p.yml": broken })).accepted, false);
    });

    it("scrapes every second, and gives up before the next", () => {
        assert.deepEqual([plain.global.scrape_interval, plain.global.scrape_timeout], ["1s", "900ms"]);
        assert.equal(scrapeSeconds, 1);
    });

    it("discovers our Pods in its own namespace, and nodes only with clusterMetrics", () => {
        assert.deepEqual(
            plain.scrape_configs.map(({ job_name }) => job_name),
            ["workloads"],
        );
        assert.deepEqual(plain.scrape_configs[0]?.kubernetes_sd_configs, [
            {
                role: "pod",
                namespaces: { names: ["bench"] },
                selectors: [{ role: "pod", label: "app.kubernetes.io/part-of=hopcost" }],
            },
        ]);
        assert.deepEqual(
            whole.scrape_configs.map(({ job_name, kubernetes_sd_configs: [sd] }) => [job_name, sd?.role]),
            [
                ["workloads", "pod"],
                ["cadvisor", "node"],
                ["kubelet", "node"],
            ],
        );
    });

    it("sends its token only to the kubelets, over TLS", () => {
        for (const { job_name, ...job } of whole.scrape_configs) {
            const { scheme, authorization } = job as { scheme?: string; authorization?: object };
            const expected = { scheme: "https", authorization: { credentials_file: `${serviceAccountPath}/token` } };
            assert.deepEqual(
                { scheme, authorization },
                job_name === "workloads" ? { scheme: undefined, authorization: undefined } : expected,
            );
        }
    });

    it("lets no target overwrite its labels or timestamps, except cAdvisor's timestamps", () => {
        const jobs: { honor_labels: boolean; honor_timestamps?: boolean }[] = whole.scrape_configs;
        const honored = jobs.map(({ honor_labels, honor_timestamps }) => [honor_labels, honor_timestamps ?? true]);
        assert.deepEqual(honored, [
            [false, false],
            [false, true],
            [false, true],
        ]);
    });
});

describe("the targets", function () {
    this.timeout(buildMs);

    /** The labels of each target that the job keeps, from the real Prometheus. */
    async function keptOf(config: Config, job: string, targets: StaticConfig[]): Promise<Labels[]> {
        const files = { "prometheus.yml": discovering(config, targets), "rules.yml": { groups: [] } };
        const args = ["check", "service-discovery", "--timeout=2s", "prometheus.yml", job];
        const { accepted, output } = await promtool(args, files);
        assert.ok(accepted, output);
        const found = JSON.parse(output.slice(output.indexOf("["))) as { labels: Labels }[];
        return found.map(({ labels }) => labels).filter((labels) => Object.keys(labels ?? {}).length > 0);
    }

    before(async () => {
        await startRecording();
        const common = { namespace: "bench", image: "registry.example/node:24.21.0" };
        new NetworkPair("net", { ...common, crossNode: true });
        new SharedVolumePod("vol", common);
        new MetricsStack("metrics", { ...common, grafana: common });
        await settled();
    });
    const podsThat = (phase: string) => ofKind("apps/v1:Deployment").flatMap((pod) => discovered(pod, phase));

    it("are only the agents of running measured containers, labelled by Pod, container and node", async () => {
        const discoveredPorts = podsThat("Running").map(
            ({ labels }) => labels?.__meta_kubernetes_pod_container_port_name,
        );
        for (const other of ["upload", "web"]) assert.ok(discoveredPorts.includes(other), other);
        const found = await keptOf(plain, "workloads", ["Failed", "Running", "Succeeded"].flatMap(podsThat));
        const name = (labels: Labels) => `${labels.pod}/${labels.container} ${labels.__address__}`;
        assert.deepEqual(found.map(name).sort(), [
            "net-far-receiver-x/receiver 10.0.0.1:7070",
            "net-receiver-x/receiver 10.0.0.1:7070",
            "net-sender-x/sender 10.0.0.1:7070",
            "vol-pod-x/reader 10.0.0.1:7071",
            "vol-pod-x/writer 10.0.0.1:7070",
        ]);
        for (const { namespace, node, job, __metrics_path__, __scheme__ } of found) {
            assert.deepEqual(
                { namespace, node, job, __metrics_path__, __scheme__ },
                {
                    namespace: "bench",
                    node: "node-1",
                    job: "workloads",
                    __metrics_path__: "/metrics",
                    __scheme__: "http",
                },
            );
        }
    });

    it("for the kubelets are all nodes, at the kubelets' paths", async () => {
        const nodes = ["a", "b"].map((node, index) => ({
            targets: [`10.0.0.${index}:10250`],
            labels: { __meta_kubernetes_node_name: node },
        }));
        for (const [job, path] of [
            ["cadvisor", "/metrics/cadvisor"],
            ["kubelet", "/metrics/resource"],
        ] as const) {
            const found = await keptOf(whole, job, nodes);
            assert.deepEqual(
                found.map(({ node, __metrics_path__, __scheme__ }) => [node, __metrics_path__, __scheme__]).sort(),
                [
                    ["a", path, "https"],
                    ["b", path, "https"],
                ],
            );
        }
    });
});

describe("of the kubelets' samples", () => {
    /** Whether Prometheus keeps a sample: values joined with semicolons, anchored pattern. */
    const keeps = (job: string, sample: Labels) => {
        const { metric_relabel_configs } = jobOf(job) as {
            metric_relabel_configs?: { source_labels: string[]; regex: string; action: string }[];
        };
        assert.equal(metric_relabel_configs?.length, 1);
        return metric_relabel_configs.every(({ source_labels, regex, action }) => {
            assert.equal(action, "keep");
            return new RegExp(`^(?:${regex})$`).test(source_labels.map((label) => sample[label] ?? "").join(";"));
        });
    };
    const cpu = { __name__: "container_cpu_usage_seconds_total", namespace: "bench", container: "writer" };

    it("only a few metrics of this namespace's measured containers are kept", () => {
        assert.equal(keeps("cadvisor", cpu), true);
        for (const other of [
            { namespace: "bench-2" },
            { namespace: "kube-system" },
            { container: "" },
            { container: "prometheus" },
            { __name__: "container_tasks_state" },
        ]) {
            assert.equal(keeps("cadvisor", { ...cpu, ...other }), false, JSON.stringify(other));
        }
    });

    it("only CPU and memory of the nodes themselves are kept", () => {
        const kept = (name: string) => keeps("kubelet", { __name__: name });
        assert.deepEqual(["node_cpu_usage_seconds_total", "node_memory_working_set_bytes"].map(kept), [true, true]);
        assert.deepEqual(["container_cpu_usage_seconds_total", "go_goroutines"].map(kept), [false, false]);
    });
});

/** The documented discovery labels of a Deployment's Pod ports. */
function discovered({ inputs }: Registered, phase: string): StaticConfig[] {
    const { metadata, spec } = inputs.spec.template;
    if (metadata.labels["app.kubernetes.io/part-of"] !== "hopcost") return [];
    return spec.containers.flatMap(
        ({ name, ports }: { name: string; ports: { name: string; containerPort: number }[] }) =>
            ports.map((port) => ({
                targets: [`10.0.0.1:${port.containerPort}`],
                labels: {
                    __meta_kubernetes_namespace: inputs.metadata.namespace,
                    __meta_kubernetes_pod_name: `${inputs.metadata.name}-x`,
                    __meta_kubernetes_pod_node_name: "node-1",
                    __meta_kubernetes_pod_phase: phase,
                    __meta_kubernetes_pod_container_name: name,
                    __meta_kubernetes_pod_container_port_name: port.name,
                },
            })),
    );
}
