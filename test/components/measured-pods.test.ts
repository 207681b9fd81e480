import assert from "node:assert/strict";
import type { MeasuredPodArgs, Placement } from "../../components/measured-pod-args.ts";
import { NetworkPair } from "../../components/network-pair.ts";
import { SharedVolumePod } from "../../components/shared-volume-pod.ts";
import { ofKind, settled, startRecording, theOne } from "./mocks.ts";

const image = "registry.example/node:24.21.0";
const common = { namespace: "bench", image };

/** Both topologies with the same arguments, as a benchmark has them. */
async function deploy(args: Partial<MeasuredPodArgs> = {}): Promise<void> {
    await startRecording();
    new NetworkPair("net", { ...common, ...args });
    new SharedVolumePod("vol", { ...common, ...args });
    await settled();
}
const podOf = (name: string) => theOne("apps/v1:Deployment", name).inputs.spec.template;
const pods = () => ["net-sender", "net-receiver", "vol-pod"].map(podOf);
const containers = () => pods().flatMap((pod) => pod.spec.containers);

/** Every value of a path in the containers, once. */
// biome-ignore lint/suspicious/noExplicitAny: inputs of every type
const distinct = (of: any[], pick: (item: any) => unknown) => [
    ...new Set(of.map((item) => JSON.stringify(pick(item)))),
];

describe("both topologies", () => {
    it("differ in nothing but the channel: image, resources, Node flags, command, probe, security", async () => {
        await deploy({ cpuRequest: "300m", cpuLimit: "1", memory: "768Mi", nodeFlags: ["--max-semi-space-size=16"] });
        assert.deepEqual(
            containers().map(({ name }) => name),
            ["sender", "receiver", "writer", "reader"],
        );
        assert.deepEqual(
            distinct(containers(), ({ image }) => image),
            [JSON.stringify(image)],
        );
        assert.deepEqual(
            distinct(containers(), ({ command }) => command),
            ['["node","/hopcost/server.mjs"]'],
        );
        assert.deepEqual(
            containers().map(({ resources }) => resources),
            Array(4).fill({ requests: { cpu: "300m", memory: "768Mi" }, limits: { cpu: "1", memory: "768Mi" } }),
        );
        const flags = containers().map(
            ({ env }) => env.find(({ name }: { name: string }) => name === "NODE_OPTIONS")?.value,
        );
        assert.deepEqual(flags, Array(4).fill("--max-semi-space-size=16"));
        assert.equal(
            distinct(containers(), ({ securityContext, imagePullPolicy }) => [securityContext, imagePullPolicy]).length,
            1,
        );
        const { spec: first } = podOf("net-sender");
        for (const { spec } of pods()) {
            const { containers, volumes, ...rest } = spec;
            assert.ok(containers.length > 0 && volumes.length > 0);
            const { containers: _, volumes: __, ...expected } = first;
            assert.deepEqual(rest, expected);
        }
    });

    it("request CPU without a limit, and memory as much as they may use, unless told otherwise", async () => {
        await deploy();
        const resources = { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "512Mi" } };
        assert.deepEqual(
            containers().map((container) => container.resources),
            Array(4).fill(resources),
        );
        assert.ok(!JSON.stringify(containers()).includes("NODE_OPTIONS"));
    });

    it("pass PSS restricted in every container, with no token and nothing writable but the shared volume", async () => {
        await deploy();
        for (const { spec } of pods()) {
            assert.equal(spec.automountServiceAccountToken, false);
            assert.deepEqual(spec.securityContext, {
                runAsNonRoot: true,
                runAsUser: 1000,
                runAsGroup: 1000,
                fsGroup: 1000,
                seccompProfile: { type: "RuntimeDefault" },
            });
        }
        for (const { securityContext, volumeMounts } of containers()) {
            assert.deepEqual(securityContext, {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            });
            for (const { mountPath, readOnly } of volumeMounts)
                assert.equal(readOnly === true, mountPath !== "/volume");
        }
    });

    it("are probed until they answer and never again: nothing shall run beside a measurement", async () => {
        await deploy({ startSeconds: 40 });
        for (const { startupProbe, readinessProbe, livenessProbe, env } of containers()) {
            const port = Number(env.find(({ name }: { name: string }) => name === "HOPCOST_CONTROL_PORT").value);
            assert.deepEqual(startupProbe.httpGet, { path: "/healthz", port });
            assert.equal(startupProbe.failureThreshold, 40);
            assert.deepEqual([readinessProbe, livenessProbe], [undefined, undefined]);
        }
    });

    it("run one Pod of one generation each, that fails the deployment within two minutes and ends in a second", async () => {
        await deploy();
        for (const { inputs, createTimeout } of ofKind("apps/v1:Deployment")) {
            const { replicas, strategy, progressDeadlineSeconds, template } = inputs.spec;
            assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }]);
            assert.deepEqual([progressDeadlineSeconds, createTimeout], [90, "90s"]);
            assert.equal(template.spec.terminationGracePeriodSeconds, 1);
            assert.equal(template.spec.enableServiceLinks, false);
        }
    });

    it("say where they run, from the Pod itself", async () => {
        await deploy();
        for (const { env } of containers()) {
            const facts = env.filter(({ valueFrom }: { valueFrom?: object }) => valueFrom);
            assert.deepEqual(facts, [
                { name: "HOPCOST_NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                { name: "HOPCOST_POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            ]);
        }
    });
});

describe("placement", () => {
    const affinities = async (placement?: Placement) => {
        await deploy(placement && { placement });
        return pods().map((pod) => pod.spec.affinity);
    };
    /** The labels a Pod must be near (or away from). */
    // biome-ignore lint/suspicious/noExplicitAny: an input
    const labelsOf = (affinity: any) => {
        const [term, ...more] = affinity.requiredDuringSchedulingIgnoredDuringExecution;
        assert.equal(more.length, 0);
        assert.equal(term.topologyKey, "kubernetes.io/hostname");
        return Object.entries(term.labelSelector.matchLabels);
    };
    const has = (pod: { metadata: { labels: Record<string, string> } }, labels: [string, unknown][]) =>
        labels.every(([key, value]) => pod.metadata.labels[key] === value);

    it("same-node, the default: each Pod must be near those that all measured Pods match, itself included", async () => {
        const found = await affinities();
        assert.deepEqual(found, await affinities("same-node"));
        for (const affinity of found) {
            assert.deepEqual(Object.keys(affinity), ["podAffinity"]);
            const labels = labelsOf(affinity.podAffinity);
            assert.deepEqual(
                pods().map((pod) => has(pod, labels)),
                [true, true, true],
            );
        }
    });

    it("cross-node: the initiators near one another, the receiver away from them", async () => {
        const [sender, receiver, volume] = await affinities("cross-node");
        assert.deepEqual([sender, volume].map(Object.keys), [["podAffinity"], ["podAffinity"]]);
        assert.deepEqual(Object.keys(receiver), ["podAntiAffinity"]);
        for (const terms of [sender.podAffinity, volume.podAffinity, receiver.podAntiAffinity]) {
            const labels = labelsOf(terms);
            assert.ok(labels.length > 0);
            assert.deepEqual(
                pods().map((pod) => has(pod, labels)),
                [true, false, true],
            );
        }
    });

    it("any: left to the scheduler", async () => {
        assert.deepEqual(await affinities("any"), [undefined, undefined, undefined]);
    });
});
