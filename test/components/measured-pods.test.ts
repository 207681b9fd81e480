import assert from "node:assert/strict";
import type { MeasuredPodArgs, Placement } from "../../components/measured-pod-args.ts";
import { NetworkPair } from "../../components/network-pair.ts";
import { SharedVolumePod } from "../../components/shared-volume-pod.ts";
import { assertRestricted } from "./fixtures.ts";
import { ofKind, settled, startRecording, theOne } from "./mocks.ts";

const image = "registry.example/node:24.21.0";
const common = { namespace: "bench", image };

/** All topologies with the same arguments, as a benchmark has them. */
async function deploy(args: Partial<MeasuredPodArgs> = {}): Promise<void> {
    await startRecording();
    new NetworkPair("net", { ...common, ...args, crossNode: true });
    new SharedVolumePod("vol", { ...common, ...args, disk: true, storageClass: "standard" });
    await settled();
}
const podOf = (name: string) => theOne("apps/v1:Deployment", name).inputs.spec.template;
/** The Pods of the main arms. */
const mainPods = () => ["net-sender", "net-receiver", "vol-pod"].map(podOf);
const farPod = () => podOf("net-far-receiver");
const pods = () => [...mainPods(), farPod()];
const containers = () => pods().flatMap((pod) => pod.spec.containers);

/** Distinct values of a path in the containers. */
// biome-ignore lint/suspicious/noExplicitAny: inputs of every type
const distinct = (of: any[], pick: (item: any) => unknown) => [
    ...new Set(of.map((item) => JSON.stringify(pick(item)))),
];

describe("all topologies", () => {
    it("differ only in the channel: same image, resources, Node flags, command, probe, security", async () => {
        await deploy({ cpuRequest: "300m", cpuLimit: "1", memory: "768Mi", nodeFlags: ["--max-semi-space-size=16"] });
        assert.deepEqual(
            containers().map(({ name }) => name),
            ["sender", "receiver", "writer", "reader", "receiver"],
        );
        assert.deepEqual(
            distinct(containers(), ({ image }) => image),
            [JSON.stringify(image)],
        );
        assert.deepEqual(
            containers().map(({ command }) => command),
            containers().map(({ name }) => ["node", `/hopcost/${name}.server.mjs`]),
        );
        assert.deepEqual(
            containers().map(({ resources }) => resources),
            Array(5).fill({ requests: { cpu: "300m", memory: "768Mi" }, limits: { cpu: "1", memory: "768Mi" } }),
        );
        const flags = containers().map(
            ({ env }) => env.find(({ name }: { name: string }) => name === "NODE_OPTIONS")?.value,
        );
        assert.deepEqual(flags, Array(5).fill("--max-semi-space-size=16"));
        assert.equal(
            distinct(containers(), ({ securityContext, imagePullPolicy }) => [securityContext, imagePullPolicy]).length,
            1,
        );
        const { spec: first } = podOf("net-sender");
        for (const { spec } of pods()) {
            const { containers, volumes, affinity, ...rest } = spec;
            assert.ok(containers.length > 0 && volumes.length > 0 && affinity);
            const { containers: _, volumes: __, affinity: ___, ...expected } = first;
            assert.deepEqual(rest, expected);
        }
    });

    it("by default request CPU without a limit, and memory equal to its limit", async () => {
        await deploy();
        const resources = { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "512Mi" } };
        assert.deepEqual(
            containers().map((container) => container.resources),
            Array(5).fill(resources),
        );
        assert.ok(!JSON.stringify(containers()).includes("NODE_OPTIONS"));
    });

    it("pass PSS restricted in every container, without a token and with only the shared volumes writable", async () => {
        await deploy();
        for (const { spec } of pods()) {
            assert.equal(spec.automountServiceAccountToken, false);
            assertRestricted(spec);
        }
        for (const { volumeMounts } of containers()) {
            for (const { mountPath, readOnly } of volumeMounts) {
                assert.equal(readOnly === true, !mountPath.startsWith("/volume"), mountPath);
            }
        }
    });

    it("are probed until they answer and never again, so that nothing runs during a measurement", async () => {
        await deploy({ startSeconds: 40 });
        for (const { startupProbe, readinessProbe, livenessProbe, env } of containers()) {
            const port = Number(env.find(({ name }: { name: string }) => name === "HOPCOST_AGENT_PORT").value);
            assert.deepEqual(startupProbe.httpGet, { path: "/healthz", port });
            assert.equal(startupProbe.failureThreshold, 40);
            assert.deepEqual([readinessProbe, livenessProbe], [undefined, undefined]);
        }
    });

    it("never run an old and a new Pod at once, fail the deployment within two minutes and end in a second", async () => {
        await deploy();
        for (const { inputs, createTimeout } of ofKind("apps/v1:Deployment")) {
            const { replicas, strategy, progressDeadlineSeconds, template } = inputs.spec;
            assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }]);
            assert.deepEqual([progressDeadlineSeconds, createTimeout], [90, "90s"]);
            assert.equal(template.spec.terminationGracePeriodSeconds, 1);
            assert.equal(template.spec.enableServiceLinks, false);
        }
    });

    it("get their node, Pod name and address from the Pod", async () => {
        await deploy();
        for (const { env } of containers()) {
            const facts = env.filter(({ valueFrom }: { valueFrom?: object }) => valueFrom);
            assert.deepEqual(facts, [
                { name: "HOPCOST_NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                { name: "HOPCOST_POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                { name: "HOPCOST_POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            ]);
        }
    });
});

describe("placement", () => {
    const affinities = async (placement?: Placement) => {
        await deploy(placement && { placement });
        return mainPods().map((pod) => pod.spec.affinity);
    };
    /** The labels a Pod must be near (or away from), and the node label that defines "near". */
    // biome-ignore lint/suspicious/noExplicitAny: an input
    const termOf = (affinity: any) => {
        const [term, ...more] = affinity.requiredDuringSchedulingIgnoredDuringExecution;
        assert.equal(more.length, 0);
        const labels: [string, unknown][] = Object.entries(term.labelSelector.matchLabels);
        assert.ok(labels.length > 0);
        return { labels, topologyKey: term.topologyKey };
    };
    /** Which of sender, receiver, the Pod of the volumes and the far receiver the term is about; on one node. */
    // biome-ignore lint/suspicious/noExplicitAny: an input
    const meant = (affinity: any, topologyKey = "kubernetes.io/hostname") => {
        const term = termOf(affinity);
        assert.equal(term.topologyKey, topologyKey);
        return pods().map((pod) => term.labels.every(([key, value]) => pod.metadata.labels[key] === value));
    };

    it("same-node, the default: each Pod must be near all Pods of the main arms", async () => {
        const found = await affinities();
        assert.deepEqual(found, await affinities("same-node"));
        for (const affinity of found) {
            assert.deepEqual(Object.keys(affinity), ["podAffinity"]);
            assert.deepEqual(meant(affinity.podAffinity), [true, true, true, false]);
        }
    });

    it("cross-node: the initiators are near one another, the receiver away from them", async () => {
        const [sender, receiver, volume] = await affinities("cross-node");
        assert.deepEqual([sender, volume].map(Object.keys), [["podAffinity"], ["podAffinity"]]);
        assert.deepEqual(Object.keys(receiver), ["podAntiAffinity"]);
        for (const terms of [sender.podAffinity, volume.podAffinity, receiver.podAntiAffinity]) {
            assert.deepEqual(meant(terms), [true, false, true, false]);
        }
    });

    it("any: the scheduler decides", async () => {
        assert.deepEqual(await affinities("any"), [undefined, undefined, undefined]);
    });

    describe("of the far receiver", () => {
        const farAffinity = async (placement: Placement) => {
            await deploy({ placement });
            return farPod().spec.affinity;
        };

        it("waits until the sender has any node, because it could take the only one", async () => {
            for (const placement of ["same-node", "cross-node", "any"] as const) {
                const { podAffinity } = await farAffinity(placement);
                assert.deepEqual(meant(podAffinity, "kubernetes.io/os"), [true, false, false, false], placement);
            }
        });

        it("is on a different node than the sender and all Pods that the sender must be near", async () => {
            const away = async (placement: Placement) => meant((await farAffinity(placement)).podAntiAffinity);
            assert.deepEqual(await away("same-node"), [true, true, true, false]);
            assert.deepEqual(await away("cross-node"), [true, false, true, false]);
            assert.deepEqual(await away("any"), [true, false, false, false]);
        });
    });
});
