import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import { parse } from "yaml";
import { labelsOf } from "../../components/measured-pod.ts";
import { dashboard, dataSource } from "../../components/metrics/dashboard.ts";
import { prometheusFiles } from "../../components/metrics/prometheus.ts";
import { MetricsStack, type MetricsStackArgs } from "../../components/metrics-stack.ts";
import { NetworkPair } from "../../components/network-pair.ts";
import { parseMemory } from "../../components/quantity.ts";
import { SharedVolumePod } from "../../components/shared-volume-pod.ts";
import { assertRestricted } from "./fixtures.ts";
import {
    childrenOf,
    counts,
    ofKind,
    type Registered,
    resolved,
    seen,
    settled,
    startRecording,
    theOne,
} from "./mocks.ts";

const good: MetricsStackArgs = { namespace: "bench", image: "registry.example/prometheus:v3.11.3" };
const grafana = { image: "registry.example/grafana:12.1.1" };
const whole: MetricsStackArgs = { ...good, grafana, clusterMetrics: true };

async function stackWith(args: MetricsStackArgs = good, name = "metrics"): Promise<MetricsStack> {
    await startRecording();
    const stack = new MetricsStack(name, args);
    await settled();
    return stack;
}
const deploymentOf = (name: string) => theOne("apps/v1:Deployment", name).inputs;
const podOf = (name: string) => deploymentOf(name).spec.template;
const containerOf = (name: string) => podOf(name).spec.containers[0];
const inputsOf = (kind: string) => theOne(kind, "metrics-prometheus").inputs;
/** Whether a label selector selects a Pod. */
// biome-ignore lint/suspicious/noExplicitAny: an input
const selects = ({ matchLabels = {}, matchExpressions = [] }: any, labels: Record<string, string>): boolean =>
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }: { key: string; operator: string; values: string[] }) => {
        assert.equal(operator, "NotIn");
        return !values.includes(labels[key] ?? "");
    });

describe("MetricsStack", () => {
    it("consists of a Prometheus that may list the Pods of its namespace, all its own children", async () => {
        await stackWith();
        assert.deepEqual(counts(), {
            "hopcost:index:MetricsStack": 1,
            "kubernetes:apps/v1:Deployment": 1,
            "kubernetes:core/v1:ConfigMap": 1,
            "kubernetes:core/v1:Service": 1,
            "kubernetes:core/v1:ServiceAccount": 1,
            "kubernetes:networking.k8s.io/v1:NetworkPolicy": 1,
            "kubernetes:rbac.authorization.k8s.io/v1:Role": 1,
            "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": 1,
        });
        assert.equal(childrenOf("hopcost:index:MetricsStack::metrics").length, 7);
    });

    it("outputs the URL of Prometheus, whose Service selects nothing else", async () => {
        const stack = await stackWith(whole);
        assert.equal(await resolved(stack.prometheusUrl), "http://metrics-prometheus:9090");
        const { metadata, spec } = inputsOf("core/v1:Service");
        assert.equal(metadata.name, "metrics-prometheus");
        assert.deepEqual(spec.ports, [{ name: "web", port: 9090, targetPort: 9090 }]);
        assert.ok(selects({ matchLabels: spec.selector }, podOf("metrics-prometheus").metadata.labels));
        assert.ok(!selects({ matchLabels: spec.selector }, podOf("metrics-grafana").metadata.labels));
        assert.deepEqual(containerOf("metrics-prometheus").ports, [{ name: "web", containerPort: 9090 }]);
    });

    it("isn't waited for", async () => {
        await stackWith(whole);
        for (const { name, inputs } of [...ofKind("apps/v1:Deployment"), ...ofKind("core/v1:Service")]) {
            assert.equal(inputs.metadata.annotations["pulumi.com/skipAwait"], "true", name);
        }
    });

    it("runs the image's own program with only arguments, on its files and its own volume", async () => {
        await stackWith();
        const { image, command, args, volumeMounts } = containerOf("metrics-prometheus");
        assert.deepEqual([image, command], [good.image, undefined]);
        assert.ok(args.includes("--config.file=/etc/prometheus/prometheus.yml"));
        assert.ok(args.includes("--storage.tsdb.path=/prometheus"));
        assert.deepEqual(
            volumeMounts.map(({ mountPath, readOnly }: Record<string, unknown>) => [mountPath, readOnly === true]),
            [
                ["/etc/prometheus", true],
                ["/prometheus", false],
            ],
        );
        const [config, data] = podOf("metrics-prometheus").spec.volumes;
        assert.equal(config.configMap.name, theOne("ConfigMap", "metrics-prometheus-config").inputs.metadata.name);
        assert.deepEqual(data.emptyDir, { sizeLimit: "2Gi" });
    });

    it("limits its data to less than the volume, and its heap to less than its memory", async () => {
        await stackWith();
        const { args, env, resources } = containerOf("metrics-prometheus");
        const size = args.find((arg: string) => arg.startsWith("--storage.tsdb.retention.size="));
        assert.match(size, /=1GB$/);
        assert.ok(args.some((arg: string) => arg.startsWith("--storage.tsdb.retention.time=")));
        const [, data] = podOf("metrics-prometheus").spec.volumes;
        assert.ok(1024 ** 3 < (parseMemory(data.emptyDir.sizeLimit) ?? 0));
        assert.deepEqual(resources, { requests: { cpu: "50m", memory: "512Mi" }, limits: { memory: "512Mi" } });
        const { value } = env.find(({ name }: { name: string }) => name === "GOMEMLIMIT");
        assert.match(value, /^\d+MiB$/);
        assert.ok(Number.parseInt(value, 10) < 512);
    });

    it("passes PSS restricted, Grafana too, as the users of their images", async () => {
        await stackWith(whole);
        for (const [name, uid] of [
            ["metrics-prometheus", 65534],
            ["metrics-grafana", 472],
        ] as const) {
            const { spec } = podOf(name);
            assertRestricted(spec, uid);
            assert.equal(spec.containers.length, 1);
            const { requests, limits } = spec.containers[0].resources;
            assert.equal(requests.memory, limits.memory);
            assert.deepEqual(deploymentOf(name).spec.strategy, { type: "Recreate" });
        }
    });

    it("is ready when its readiness probe succeeds", async () => {
        await stackWith(whole);
        const probeOf = (name: string) => containerOf(name).readinessProbe.httpGet;
        assert.deepEqual(probeOf("metrics-prometheus"), { path: "/-/ready", port: 9090 });
        assert.deepEqual(probeOf("metrics-grafana"), { path: "/api/health", port: 3000 });
    });

    it("prefers nodes without measured Pods", async () => {
        await startRecording();
        new MetricsStack("metrics", whole);
        new NetworkPair("net", { ...good, crossNode: true });
        new SharedVolumePod("vol", good);
        await settled();
        for (const name of ["metrics-prometheus", "metrics-grafana"]) {
            const { affinity } = podOf(name).spec;
            assert.deepEqual(Object.keys(affinity), ["podAntiAffinity"]);
            const [term] = affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
            assert.equal(term.podAffinityTerm.topologyKey, "kubernetes.io/hostname");
            const avoided = ofKind("apps/v1:Deployment").filter(({ inputs }) =>
                selects(term.podAffinityTerm.labelSelector, inputs.spec.template.metadata.labels),
            );
            assert.deepEqual(avoided.map((deployment) => deployment.name).sort(), [
                "net-far-receiver",
                "net-receiver",
                "net-sender",
                "vol-pod",
            ]);
        }
    });

    it("passes deletedWith on to its children", async () => {
        await startRecording();
        const owner = new k8s.core.v1.Namespace("owner");
        const urn = await resolved(owner.urn);
        new MetricsStack("metrics", { ...good, grafana }, { deletedWith: owner });
        await settled();
        for (const { name, deletedWith } of seen.filter((object) => object.inputs.metadata?.namespace === "bench")) {
            assert.equal(deletedWith, urn, name);
        }
    });
});

describe("the configuration's ConfigMap", () => {
    const configOf = () => theOne("ConfigMap", "metrics-prometheus-config").inputs;

    it("contains Prometheus' configuration for this namespace", async () => {
        for (const clusterMetrics of [false, true]) {
            await stackWith({ ...good, clusterMetrics });
            assert.deepEqual(configOf().data, prometheusFiles({ namespace: "bench", clusterMetrics }));
        }
    });

    it("has a new name if its content changes, so that the Pod is replaced, and else the same", async () => {
        const nameOf = async (args: MetricsStackArgs) => {
            await stackWith(args);
            const { metadata, immutable } = configOf();
            assert.equal(immutable, true);
            return metadata.name;
        };
        const name = await nameOf(good);
        assert.match(name, /^metrics-prometheus-[0-9a-f]{12}$/);
        assert.equal(await nameOf({ ...good, image: "other:1" }), name);
        assert.notEqual(await nameOf({ ...good, clusterMetrics: true }), name);
    });
});

describe("the permissions of Prometheus", () => {
    it("allow only to list Pods of its namespace; only its own Pod has the token", async () => {
        await stackWith({ ...good, grafana });
        const { metadata, rules } = inputsOf("v1:Role");
        assert.equal(metadata.namespace, "bench");
        assert.deepEqual(rules, [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }]);
        const binding = inputsOf("v1:RoleBinding");
        assert.deepEqual([binding.roleRef.kind, binding.roleRef.name], ["Role", metadata.name]);
        const account = inputsOf("v1:ServiceAccount");
        assert.equal(account.automountServiceAccountToken, false);
        assert.deepEqual(binding.subjects, [
            { kind: "ServiceAccount", name: account.metadata.name, namespace: "bench" },
        ]);
        const { serviceAccountName, automountServiceAccountToken } = podOf("metrics-prometheus").spec;
        assert.deepEqual([serviceAccountName, automountServiceAccountToken], [account.metadata.name, true]);
        const beside = podOf("metrics-grafana").spec;
        assert.deepEqual([beside.serviceAccountName, beside.automountServiceAccountToken], [undefined, false]);
        assert.equal(ofKind("v1:ClusterRole").length + ofKind("v1:ClusterRoleBinding").length, 0);
    });

    it("include, if the stack allows it, the kubelets' metrics, and nothing else of the cluster", async () => {
        await stackWith(whole);
        assert.deepEqual(inputsOf("v1:ClusterRole").rules, [
            { apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] },
            { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
        ]);
        const { metadata, roleRef, subjects } = inputsOf("v1:ClusterRoleBinding");
        assert.deepEqual([roleRef.kind, roleRef.name], ["ClusterRole", metadata.name]);
        assert.deepEqual(subjects, [{ kind: "ServiceAccount", name: "metrics-prometheus", namespace: "bench" }]);
    });

    it("are removed by destroy: the cluster-wide ones aren't deleted with the namespace", async () => {
        await startRecording();
        new MetricsStack("metrics", whole, { deletedWith: new k8s.core.v1.Namespace("owner") });
        await settled();
        // The engine passes a component's deletedWith down, so the component must have none either.
        assert.deepEqual(
            seen.filter(({ type }) => type === "hopcost:index:MetricsStack").map(({ deletedWith }) => deletedWith),
            [""],
        );
        const inCluster = seen.filter(({ type }) => /:ClusterRole(Binding)?$/.test(type));
        assert.deepEqual(
            inCluster.map(({ deletedWith, inputs }) => [deletedWith, inputs.metadata.namespace]),
            [
                ["", undefined],
                ["", undefined],
            ],
        );
    });

    it("of two stacks in one cluster never collide", async () => {
        await startRecording();
        new MetricsStack("metrics", whole);
        new MetricsStack("metrics", { ...whole, namespace: "other" });
        await settled();
        const objects = seen.filter(({ type }) => type.startsWith("kubernetes:"));
        const place = ({ type, inputs }: Registered) =>
            [type, inputs.metadata.namespace ?? "", inputs.metadata.name].join(" ");
        assert.equal(objects.length, 24);
        assert.equal(new Set(objects.map(place)).size, 24);
        assert.deepEqual(
            ofKind("v1:ClusterRole")
                .map(({ inputs }) => inputs.metadata.name)
                .sort(),
            ["hopcost-bench-metrics-prometheus", "hopcost-other-metrics-prometheus"],
        );
    });
});

describe("the NetworkPolicies", () => {
    // biome-ignore lint/suspicious/noExplicitAny: inputs
    const portsOf = (rules: any[]) =>
        rules.flatMap(({ ports = [] }) => ports.map(({ port }: { port: number }) => port));

    it("let only our Pods query Prometheus", async () => {
        await stackWith(whole);
        const { podSelector, policyTypes, ingress } = inputsOf("NetworkPolicy").spec;
        assert.ok(selects(podSelector, podOf("metrics-prometheus").metadata.labels));
        assert.ok(!selects(podSelector, podOf("metrics-grafana").metadata.labels));
        assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
        assert.deepEqual(portsOf(ingress), [9090]);
        const [{ from }] = ingress;
        assert.deepEqual(Object.keys(from[0]), ["podSelector"]); // so of this namespace
        for (const labels of [labelsOf("run", "driver"), labelsOf("metrics", "grafana")]) {
            assert.ok(selects(from[0].podSelector, labels));
        }
        assert.ok(!selects(from[0].podSelector, { "app.kubernetes.io/name": "other" }));
    });

    it("let Prometheus call the agents and the API server, and the kubelets only with clusterMetrics", async () => {
        await stackWith();
        const { egress } = inputsOf("NetworkPolicy").spec;
        assert.deepEqual(portsOf(egress), [7070, 7071, 443, 6443, 8443, 16443]);
        assert.ok(selects(egress[0].to[0].podSelector, labelsOf("net", "sender")));
        await stackWith(whole);
        assert.deepEqual(portsOf(inputsOf("NetworkPolicy").spec.egress), [7070, 7071, 443, 6443, 8443, 16443, 10250]);
    });

    it("let nothing call Grafana, and Grafana call only Prometheus and DNS", async () => {
        await stackWith(whole);
        const { podSelector, ingress, egress } = theOne("NetworkPolicy", "metrics-grafana").inputs.spec;
        assert.ok(selects(podSelector, podOf("metrics-grafana").metadata.labels));
        assert.deepEqual(ingress, []);
        assert.deepEqual(portsOf(egress), [9090, 53, 53]);
        assert.ok(selects(egress[0].to[0].podSelector, podOf("metrics-prometheus").metadata.labels));
        assert.ok(!selects(egress[0].to[0].podSelector, labelsOf("net", "sender")));
    });
});

describe("Grafana", () => {
    const envOf = () => {
        const { env } = containerOf("metrics-grafana");
        return Object.fromEntries(env.map(({ name, value }: Record<string, string>) => [name, value]));
    };

    it("is deployed only if it is set", async () => {
        await stackWith({ ...good, clusterMetrics: true });
        assert.deepEqual(
            seen.filter(({ name }) => name.includes("grafana")),
            [],
        );
        await stackWith({ ...good, grafana });
        assert.equal(containerOf("metrics-grafana").image, grafana.image);
    });

    it("lets everyone who reaches it view, and nobody log in", async () => {
        await stackWith(whole);
        const env = envOf();
        assert.deepEqual(
            [env.GF_AUTH_ANONYMOUS_ENABLED, env.GF_AUTH_ANONYMOUS_ORG_ROLE, env.GF_AUTH_DISABLE_LOGIN_FORM],
            ["true", "Viewer", "true"],
        );
        assert.deepEqual(
            [env.GF_AUTH_BASIC_ENABLED, env.GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION],
            ["false", "true"],
        );
    });

    it("makes no calls outside the cluster", async () => {
        await stackWith(whole);
        const env = envOf();
        const off = ["ANALYTICS_REPORTING", "NEWS_NEWS_FEED", "PLUGINS_PLUGIN_ADMIN", "SNAPSHOTS_EXTERNAL"];
        for (const name of off) assert.equal(env[`GF_${name}_ENABLED`], "false", name);
        assert.deepEqual(
            [env.GF_ANALYTICS_CHECK_FOR_UPDATES, env.GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES],
            ["false", "false"],
        );
        assert.equal(env.GF_PLUGINS_PREINSTALL_DISABLED, "true");
    });

    it("finds its files at the paths in its settings, and writes only to its own volumes", async () => {
        await stackWith(whole);
        const [config, ...written] = podOf("metrics-grafana").spec.volumes;
        const { data, metadata } = theOne("ConfigMap", "metrics-grafana-config").inputs;
        assert.equal(config.configMap.name, metadata.name);
        const paths = Object.fromEntries(
            config.configMap.items.map(({ key, path }: Record<string, string>) => [key, `/hopcost-grafana/${path}`]),
        );
        assert.deepEqual(Object.keys(paths).sort(), Object.keys(data).sort());
        const { volumeMounts } = containerOf("metrics-grafana");
        assert.deepEqual(
            volumeMounts.map(({ mountPath, readOnly }: Record<string, unknown>) => [mountPath, readOnly === true]),
            [
                ["/hopcost-grafana", true],
                ["/var/lib/grafana", false],
                ["/tmp", false],
            ],
        );
        for (const { emptyDir } of written) assert.ok(emptyDir.sizeLimit);
        const { GF_PATHS_PROVISIONING, GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: home } = envOf();
        assert.equal(home, paths["dashboard.json"]);
        assert.ok(paths["datasources.yml"]?.startsWith(`${GF_PATHS_PROVISIONING}/datasources/`));
        assert.ok(paths["dashboards.yml"]?.startsWith(`${GF_PATHS_PROVISIONING}/dashboards/`));
        const [provider] = parse(data["dashboards.yml"]).providers;
        assert.equal(home, `${provider.options.path}/hopcost.json`);
    });

    it("has the dashboard of this stack, and its Prometheus as the only data source", async () => {
        for (const clusterMetrics of [false, true]) {
            await stackWith({ ...whole, clusterMetrics });
            const { data } = theOne("ConfigMap", "metrics-grafana-config").inputs;
            assert.deepEqual(JSON.parse(data["dashboard.json"]), JSON.parse(JSON.stringify(dashboard(clusterMetrics))));
            const { datasources } = parse(data["datasources.yml"]);
            assert.equal(datasources.length, 1);
            const { type, uid, url } = datasources[0];
            assert.deepEqual([{ type, uid }, url], [dataSource, "http://metrics-prometheus:9090"]);
        }
    });
});
