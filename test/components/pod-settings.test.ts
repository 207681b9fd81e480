import assert from "node:assert/strict";
import { BenchmarkJob } from "../../components/benchmark-job.ts";
import { MetricsStack } from "../../components/metrics-stack.ts";
import { NetworkPair } from "../../components/network-pair.ts";
import { type PodArgs, parseLabel, parseToleration, podProblems, tolerates } from "../../components/pod-settings.ts";
import { SharedVolumePod } from "../../components/shared-volume-pod.ts";
import { jobArgs, topologies } from "./fixtures.ts";
import { ofKind, settled, startRecording } from "./mocks.ts";

const image = "registry.example/node:24.21.0";

/** The Pods of all components, by the name of their Deployment or Job. */
async function podsWith(args: PodArgs) {
    await startRecording();
    const common = { namespace: "bench", image, ...args };
    new NetworkPair("net", { ...common, crossNode: true });
    new SharedVolumePod("vol", common);
    new MetricsStack("metrics", { ...common, grafana: { image } });
    new BenchmarkJob("run", { ...common, ...jobArgs(), ...topologies, readResults: false });
    await settled();
    const made = [...ofKind("apps/v1:Deployment"), ...ofKind("batch/v1:Job")];
    return made.map(({ name, inputs }) => [name, inputs.spec.template.spec] as const);
}

describe("the settings of every Pod", () => {
    it("keep it on Linux nodes by default, with ids that no image has, and tolerate nothing", async () => {
        const pods = await podsWith({});
        assert.equal(pods.length, 7);
        for (const [name, { nodeSelector, tolerations, imagePullSecrets, securityContext }] of pods) {
            assert.deepEqual(nodeSelector, { "kubernetes.io/os": "linux" }, name);
            assert.deepEqual([tolerations, imagePullSecrets], [undefined, undefined], name);
            assert.ok(securityContext.runAsUser >= 400 && securityContext.runAsUser === securityContext.fsGroup, name);
        }
    });

    it("are those given", async () => {
        const taint = { key: "dedicated", operator: "Equal", value: "bench", effect: "NoSchedule" } as const;
        const pods = await podsWith({
            nodeSelector: { pool: "bench", "kubernetes.io/os": "windows" },
            tolerations: [taint],
            imagePullSecrets: ["pull"],
            userIds: "cluster",
        });
        for (const [name, { nodeSelector, tolerations, imagePullSecrets, securityContext }] of pods) {
            assert.deepEqual(nodeSelector, { pool: "bench", "kubernetes.io/os": "linux" }, name);
            assert.deepEqual(tolerations, [taint], name);
            assert.deepEqual(imagePullSecrets, [{ name: "pull" }], name);
            assert.deepEqual(securityContext, { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } }, name);
        }
    });

    it("are refused if Kubernetes would", () => {
        const found = podProblems({
            nodeSelector: { "a b": "c", pool: "-x" },
            tolerations: [{ key: "k", operator: "Equal", value: "v", effect: "Sometimes" }],
            userIds: "none" as "fixed",
        });
        assert.equal(found.filter((problem) => problem !== undefined).length, 4);
        assert.deepEqual(podProblems({ nodeSelector: { "x.example/pool": "" } }), [undefined, undefined]);
    });

    it("are written like kubectl writes labels and taints", () => {
        assert.deepEqual(parseLabel("pool=bench"), { key: "pool", value: "bench" });
        assert.deepEqual(parseLabel("x.example/pool="), { key: "x.example/pool", value: "" });
        for (const text of ["pool", "=x", "a b=c", "pool=a=b", ""]) assert.equal(parseLabel(text), undefined, text);
        const read = (text: string) => parseToleration(text);
        assert.deepEqual(read("dedicated=bench:NoSchedule"), {
            key: "dedicated",
            operator: "Equal",
            value: "bench",
            effect: "NoSchedule",
        });
        assert.deepEqual(read("dedicated:NoExecute"), { key: "dedicated", operator: "Exists", effect: "NoExecute" });
        assert.deepEqual(read("dedicated"), { key: "dedicated", operator: "Exists" });
        assert.deepEqual(read("dedicated=bench"), { key: "dedicated", operator: "Equal", value: "bench" });
        for (const text of ["", "=x:NoSchedule", "a:Never", "a b", "a=b=c:NoSchedule"]) {
            assert.equal(read(text), undefined, text);
        }
    });

    it("tolerate taints as the scheduler decides", () => {
        const taint = { key: "dedicated", value: "bench", effect: "NoSchedule" };
        const cases: Record<string, boolean> = {
            "dedicated=bench:NoSchedule": true,
            "dedicated:NoSchedule": true,
            dedicated: true,
            "dedicated=bench": true,
            "dedicated=other:NoSchedule": false,
            "dedicated:NoExecute": false,
            other: false,
        };
        for (const [text, expected] of Object.entries(cases)) {
            const toleration = parseToleration(text) ?? assert.fail(text);
            assert.equal(tolerates([toleration], taint), expected, text);
        }
        assert.equal(tolerates([], taint), false);
    });
});
