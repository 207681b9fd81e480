import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { defaultImage, readConfig } from "../config/config.ts";
import packageJson from "../package.json" with { type: "json" };
import { resultsOf } from "./components/fixtures.ts";
import { childrenOf, cluster, counts, ofKind, resolved, seen, settled, theOne } from "./components/mocks.ts";
import { good, program } from "./program.ts";

const podOf = (name: string) => theOne("apps/v1:Deployment", name).inputs.spec.template.spec;
const sharedVolumes = () => podOf("vol-pod").volumes.filter(({ name }: { name: string }) => name.startsWith("shared-"));
const measuredPods = () => ofKind("apps/v1:Deployment").filter(({ parent }) => !parent.endsWith("::metrics"));
const planOf = () => JSON.parse(theOne("ConfigMap", "run-plan").inputs.data["plan.json"]);

describe("the program", () => {
    it("has only a default export, because Pulumi refuses others beside it", async () => {
        assert.deepEqual(Object.keys(await import("../index.ts")), ["default"]);
    });

    it("declares only both main topologies, metrics and the run, in a namespace", async () => {
        await program();
        assert.deepEqual(counts(), {
            "hopcost:index:BenchmarkJob": 1,
            "hopcost:index:MetricsStack": 1,
            "hopcost:index:NetworkPair": 1,
            "hopcost:index:SharedVolumePod": 1,
            "hopcost:index:WorkloadCode": 1,
            "kubernetes:apps/v1:Deployment": 4,
            "kubernetes:batch/v1:Job": 1,
            "kubernetes:core/v1:ConfigMap": 4,
            "kubernetes:core/v1:Namespace": 1,
            "kubernetes:core/v1:Service": 4,
            "kubernetes:core/v1:ServiceAccount": 2,
            "kubernetes:discovery.k8s.io/v1:EndpointSlice": 1,
            "kubernetes:networking.k8s.io/v1:NetworkPolicy": 6,
            "kubernetes:rbac.authorization.k8s.io/v1:Role": 2,
            "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": 2,
        });
        assert.deepEqual(seen.flatMap(({ parent, name }) => (parent ? [] : name)).sort(), [
            "api-server",
            "default-deny",
            "metrics",
            "namespace",
            "net",
            "run",
            "vol",
            "workload-code",
        ]);
    });

    it("lets the driver and Prometheus reach the API server on its own port, or on the port that is set", async () => {
        const egressPorts = (name: string) =>
            theOne("NetworkPolicy", name).inputs.spec.egress.flatMap(({ ports = [] }: { ports: { port: number }[] }) =>
                ports.map(({ port }) => port),
            );
        cluster.apiServerPort = 16_443;
        await program();
        for (const name of ["run-driver", "metrics-prometheus"]) {
            assert.ok(
                [443, 16_443].every((port) => egressPorts(name).includes(port)),
                name,
            );
            assert.ok(!egressPorts(name).includes(6443), name);
        }
        cluster.apiServerPort = 6443;
        await program({ ...good, "hopcost:apiServerPort": "7443" });
        assert.equal(ofKind("EndpointSlice").length, 0);
        for (const name of ["run-driver", "metrics-prometheus"]) {
            assert.ok(
                [443, 7443].every((port) => egressPorts(name).includes(port)),
                name,
            );
            assert.ok(!egressPorts(name).includes(6443), name);
        }
    });

    it("copies the Secret with which images are pulled, and gives it and the other settings to every Pod", async () => {
        await program({
            ...good,
            "hopcost:imagePullSecret": "ci/registry",
            "hopcost:nodeSelector": "pool=bench",
            "hopcost:tolerations": "dedicated:NoSchedule",
        });
        const [source, copy] = ofKind("v1:Secret");
        assert.deepEqual([source?.id, source?.read], ["ci/registry", true]);
        assert.equal(copy?.inputs.metadata.namespace, "bench");
        const pods = [...ofKind("apps/v1:Deployment"), ...ofKind("batch/v1:Job")];
        assert.equal(pods.length, 5);
        for (const { name, inputs } of pods) {
            const { imagePullSecrets, nodeSelector, tolerations } = inputs.spec.template.spec;
            assert.deepEqual(imagePullSecrets, [{ name: copy?.inputs.metadata.name }], name);
            assert.equal(nodeSelector.pool, "bench", name);
            assert.equal(tolerations.length, 1, name);
        }
    });

    it("enforces PSS restricted in that namespace, and labels its owner", async () => {
        await program();
        const { name, labels } = theOne("Namespace", "namespace").inputs.metadata;
        assert.equal(name, "bench");
        assert.equal(labels["hopcost.io/stack"], "test");
        for (const mode of ["enforce", "warn", "audit"]) {
            assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted");
        }
    });

    it("looks whether that namespace exists before it creates it, unless manifests are only rendered", async () => {
        await program();
        assert.equal(theOne("Namespace", "namespace").beforeCreate.length, 1);
        await program({ "kubernetes:renderYamlToDirectory": "manifests" });
        assert.deepEqual(theOne("Namespace", "namespace").beforeCreate, []);
    });

    it("puts everything into it, to be deleted with it", async () => {
        await program();
        const inside = seen.filter(
            ({ type, name, read }) => type.startsWith("kubernetes:") && name !== "namespace" && !read,
        );
        assert.equal(inside.length, 24);
        for (const { name, inputs, deletedWith } of inside) {
            assert.equal(inputs.metadata.namespace, "bench", name);
            assert.match(deletedWith, /core\/v1:Namespace::namespace$/, name);
        }
    });

    it("outputs the results, the verdict, the run id, the namespace and the context", async () => {
        const outputs = await program();
        assert.deepEqual(Object.keys(outputs), ["results", "summary", "runId", "namespace", "context"]);
        assert.deepEqual(await resolved(outputs.results), resultsOf(readConfig("test", good).plan, defaultImage));
        assert.equal(await resolved(outputs.summary), "Nothing was measured.");
        assert.equal(await resolved(outputs.namespace), "bench");
        assert.deepEqual([outputs.runId, outputs.context], ["1", "kind"]);
    });

    it("gives both topologies the same image and resources, and the volume its own settings", async () => {
        const values = { ...good, "hopcost:image": "mine/node:24", "hopcost:cpuLimit": "1", "hopcost:memory": "1Gi" };
        await program({ ...values, "hopcost:volumeSize": "256Mi" });
        const pods = measuredPods().map(({ inputs }) => inputs.spec.template.spec);
        const containers = pods.flatMap(({ containers }) => containers);
        assert.equal(containers.length, 4);
        for (const { image, resources } of containers) {
            assert.equal(image, "mine/node:24");
            assert.deepEqual(resources, {
                requests: { cpu: "250m", memory: "1Gi" },
                limits: { cpu: "1", memory: "1Gi" },
            });
        }
        const emptyDirs = pods.flatMap(({ volumes }) => volumes).flatMap(({ emptyDir }) => emptyDir ?? []);
        assert.deepEqual(emptyDirs, [{ medium: "Memory", sizeLimit: "256Mi" }]);
    });

    it("writes the configured plan, with the targets of both topologies", async () => {
        await program();
        const written = JSON.parse(theOne("ConfigMap", "run-plan").inputs.data["plan.json"]);
        const { schemaVersion, hopcostVersion, codeHash, image, targets, prometheusUrl, ...plan } = written;
        assert.equal(image, defaultImage);
        assert.deepEqual(plan, readConfig("test", good).plan);
        assert.deepEqual([schemaVersion, hopcostVersion], [3, packageJson.version]);
        assert.match(codeHash, /^[0-9a-f]{12}$/);
        assert.equal(targets.network.uploadUrl, "http://net-receiver:8080/upload");
        assert.equal(targets.volume.responder.agent, "http://vol-pod:7071");
        assert.equal(prometheusUrl, "http://metrics-prometheus:9090");
    });

    describe("deploys only what the arms use:", () => {
        const arms = (names: string, more: Record<string, string> = {}) =>
            program({ ...good, "hopcost:arms": names, ...more });

        it("only their Pod for arms of writer and reader", async () => {
            for (const names of ["volume/fs-watch", "network/localhost,network/unix-socket"]) {
                await arms(names);
                assert.equal(ofKind("NetworkPair").length, 0);
                assert.deepEqual(childrenOf("SharedVolumePod::vol").length, 3);
                assert.deepEqual(Object.keys(planOf().targets), ["volume"]);
                assert.equal(sharedVolumes().length, 1);
            }
        });

        it("only sender and receiver for their arms", async () => {
            await arms("network/pod-ip,floor/noop");
            assert.equal(ofKind("SharedVolumePod").length, 0);
            assert.equal(measuredPods().length, 2);
            assert.deepEqual(Object.keys(planOf().targets), ["network"]);
        });

        it("a far receiver, with its target in the plan, for the hop between two nodes", async () => {
            await arms("network/cluster-ip,network/cross-node");
            assert.equal(measuredPods().length, 3);
            assert.equal(planOf().targets["cross-node"].uploadUrl, "http://net-far-receiver:8080/upload");
        });

        it("a second volume for arms on the node's disk", async () => {
            for (const names of ["volume/disk", "volume/disk-fsync"]) {
                await arms(names, { "hopcost:volumeSize": "96Mi" });
                assert.deepEqual(sharedVolumes()[1], {
                    name: "shared-disk",
                    emptyDir: { sizeLimit: "96Mi" },
                });
                assert.equal(sharedVolumes().length, 2);
            }
        });

        it("a claim of the StorageClass for volume/pvc", async () => {
            await arms("volume/pvc", { "hopcost:storageClass": "standard" });
            assert.equal(theOne("PersistentVolumeClaim", "vol-claim").inputs.spec.storageClassName, "standard");
            assert.deepEqual(
                sharedVolumes().map(({ name }: { name: string }) => name),
                ["shared-main", "shared-claim"],
            );
        });

        it("no claim for a StorageClass that no arm uses", async () => {
            await program({ ...good, "hopcost:storageClass": "standard" });
            assert.equal(ofKind("PersistentVolumeClaim").length, 0);
        });

        it("everything once for all arms", async () => {
            await program({ ...good, "hopcost:profile": "standard", "hopcost:storageClass": "standard" });
            assert.equal(measuredPods().length, 4);
            assert.equal(ofKind("PersistentVolumeClaim").length, 1);
            assert.equal(sharedVolumes().length, 3);
            assert.deepEqual(Object.keys(planOf().targets).sort(), ["cross-node", "network", "volume"]);
        });
    });

    describe("the metrics of the program", () => {
        const ofMetrics = () =>
            seen.filter(({ name, parent }) => name === "metrics" || parent.endsWith("MetricsStack::metrics"));

        it("have the configured images, and Grafana and the kubelets if set", async () => {
            const wanted = { "hopcost:prometheusImage": "mine/prom:3", "hopcost:grafanaImage": "mine/grafana:12" };
            await program({ ...good, ...wanted });
            assert.equal(podOf("metrics-prometheus").containers[0].image, "mine/prom:3");
            assert.equal(ofKind("v1:ClusterRole").length, 0);
            await program({ ...good, ...wanted, "hopcost:grafana": "true", "hopcost:clusterMetrics": "true" });
            assert.equal(podOf("metrics-grafana").containers[0].image, "mine/grafana:12");
            assert.equal(ofKind("v1:ClusterRole").length, 1);
        });

        it("are absent if off, also from the plan", async () => {
            await program();
            assert.equal(ofMetrics().length, 8);
            await program({ ...good, "hopcost:metrics": "false" });
            assert.deepEqual(ofMetrics(), []);
            assert.deepEqual(ofKind("MetricsStack"), []);
            assert.equal("prometheusUrl" in planOf(), false);
        });

        it("are also there if manifests are only rendered", async () => {
            await program({ "kubernetes:renderYamlToDirectory": "manifests" });
            assert.equal(ofMetrics().length, 8);
        });
    });

    it("reads no results if manifests are only rendered", async () => {
        const outputs = await program({ "kubernetes:renderYamlToDirectory": "manifests" });
        assert.deepEqual(Object.keys(outputs), ["runId", "namespace", "context"]);
        assert.equal(seen.filter(({ read }) => read).length, 0);
    });

    it("writes the results to a folder only if it is set", async () => {
        await program({ ...good, "hopcost:reportDir": "reports" });
        const { inputs } = theOne("command:local:Command", "report");
        assert.deepEqual(inputs.environment, { HOPCOST_REPORT_DIR: "reports" });
        assert.deepEqual(JSON.parse(inputs.stdin), resultsOf(readConfig("test", good).plan, defaultImage));
        assert.equal(inputs.addPreviousOutputInEnv, false);
        await program();
        assert.equal(ofKind("Command").length, 0);
    });

    it("declares nothing when the configuration is bad", async () => {
        await assert.rejects(program({ "hopcost:rounds": "0" }), (error) => {
            assert.ok(pulumi.RunError.isInstance(error));
            assert.match(
                error.message,
                /has 2 mistakes; nothing was deployed:\n {2}kubernetes:context: .*\n {2}hopcost:rounds "0"/,
            );
            return true;
        });
        await settled();
        assert.deepEqual(seen, []);
    });
});
