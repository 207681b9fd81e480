import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { KubeClient } from "../../../../workloads/driver/kube-client.ts";
import { PodWatch } from "../../../../workloads/driver/scenarios/pod-watch.ts";
import { InstanceStage } from "../../../../workloads/driver/scenarios/stage.ts";
import { autoscale } from "../../../../workloads/injections/autoscale.ts";
import { specBefore } from "../../../../workloads/injections/partition.ts";
import { Impossible, type Surge } from "../../../../workloads/injections/scenario.ts";

const instance = { name: "hurt-net-1", topology: "network", deployments: ["s", "r"], networkPolicy: "p", budget: "b" };
const labels = { "app.kubernetes.io/instance": instance.name, "app.kubernetes.io/component": "receiver" };
const evicted = {
    metadata: { name: "pod-a", uid: "a", labels },
    status: { phase: "Failed", reason: "Evicted" },
};
const surge = autoscale.surge as Surge;
const policyBefore = { ingress: ["as before"] };

describe("the stage of an injection", () => {
    /** What each `METHOD path` answers, and the requests so far, with their bodies. */
    let answers: Record<string, { status?: number; body: object }> = {};
    let calls: { request: string; body: unknown }[] = [];
    let watching: ServerResponse | undefined;

    const handle = async (request: IncomingMessage, response: ServerResponse) => {
        const url = new URL(request.url ?? "", "http://any");
        if (url.searchParams.has("watch")) {
            watching = response.writeHead(200);
            return void response.write(`${JSON.stringify({ type: "ADDED", object: evicted })}\n`);
        }
        const called = `${request.method} ${url.pathname.split("/namespaces/bench/")[1]}`;
        const sent = await text(request);
        calls.push({ request: called, body: sent === "" ? undefined : JSON.parse(sent) });
        if (called === "DELETE pods/pod-a")
            watching?.write(`${JSON.stringify({ type: "DELETED", object: evicted })}\n`);
        const { status = 200, body } = answers[called] ?? { body: {} };
        response.writeHead(status).end(JSON.stringify(body));
    };
    const server = createServer((request, response) => void handle(request, response));
    let kube: KubeClient;
    let watch: PodWatch;
    let stage: InstanceStage;

    before(async () => {
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        kube = new KubeClient(url, "bench", "/nowhere", new AbortController().signal);
    });
    beforeEach(async () => {
        [answers, calls] = [{}, []];
        watch = new PodWatch(kube);
        stage = new InstanceStage(instance, kube, watch, new AbortController().signal);
        await stage.until("the evicted Pod", () => stage.evicted().length === 1, 10);
    });
    afterEach(async () => {
        await stage.close();
        await watch.close();
    });
    after(async () => {
        await kube.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    });
    const bodyOf = (request: string) => calls.find((call) => call.request === request)?.body;

    it("puts back what a dead driver left: a changed policy, a budget that refuses, an evicted Pod", async () => {
        const annotations = { [specBefore]: JSON.stringify(policyBefore) };
        answers["GET networkpolicies/p"] = { body: { metadata: { name: "p", annotations }, spec: { ingress: [] } } };
        answers["GET poddisruptionbudgets/b"] = { body: { metadata: { name: "b" }, spec: { minAvailable: 1 } } };
        await stage.restore();
        assert.deepEqual(bodyOf("PATCH networkpolicies/p"), {
            metadata: { annotations: { [specBefore]: null } },
            spec: policyBefore,
        });
        assert.deepEqual(bodyOf("PATCH poddisruptionbudgets/b"), { spec: { minAvailable: 0 } });
        assert.deepEqual(bodyOf("PATCH deployments/r/scale"), { spec: { replicas: 0 } });
        assert.ok(calls.some(({ request }) => request === "DELETE pods/pod-a"));
    });

    it("changes neither policy nor budget if they are as they should be, or can't be read", async () => {
        answers["GET networkpolicies/p"] = { status: 403, body: { message: "forbidden" } };
        answers["GET poddisruptionbudgets/b"] = { body: { metadata: { name: "b" }, spec: { minAvailable: 0 } } };
        await stage.restore();
        const changed = calls.filter(({ request }) => /^PATCH (networkp|poddis)/.test(request));
        assert.deepEqual(changed, []);
    });

    it("removes an autoscaler that a dead driver left, before anything is scaled; one that can't be read never was", async () => {
        const [get, remove] = ["GET horizontalpodautoscalers/r", "DELETE horizontalpodautoscalers/r"];
        for (const other of ["networkpolicies/p", "poddisruptionbudgets/b"])
            answers[`GET ${other}`] = { status: 404, body: { message: "no" } };
        answers[get] = { body: { metadata: { name: "r" } } };
        await stage.restore();
        const order = calls.map(({ request }) => request);
        assert.ok(order.indexOf(remove) >= 0 && order.indexOf(remove) < order.indexOf("PATCH deployments/r/scale"));
        for (const status of [403, 404]) {
            calls = [];
            answers[get] = { status, body: { message: "no" } };
            await stage.restore();
            assert.ok(calls.every(({ request }) => request !== remove));
        }
    });

    const deploymentWith = (...names: string[]) => ({
        metadata: { name: "r", uid: "u", labels },
        spec: {
            template: {
                spec: { containers: names.map((name) => ({ name })) },
            },
        },
    });

    it("creates an autoscaler that ends with the Deployment", async () => {
        answers["GET deployments/r"] = { body: deploymentWith("receiver") };
        await stage.kube.createAutoscaler(surge, 0.0181);
        const { metadata, spec } = bodyOf("POST horizontalpodautoscalers") as {
            metadata: { labels: Record<string, string>; ownerReferences: object[] };
            spec: Record<string, unknown>;
        };
        const target = { apiVersion: "apps/v1", kind: "Deployment", name: "r" };
        assert.deepEqual(metadata.ownerReferences, [{ ...target, uid: "u" }]);
        assert.equal(metadata.labels["hopcost.io/scenario"], "true");
        assert.deepEqual([spec.scaleTargetRef, spec.minReplicas, spec.maxReplicas], [target, 1, surge.mostReplicas]);
        const cpu = { name: "cpu", target: { type: "AverageValue", averageValue: "18100u" } };
        assert.deepEqual(spec.metrics, [{ type: "Resource", resource: cpu }]);
    });

    it("makes only the responder's container count in a Pod that it shares", async () => {
        answers["GET deployments/r"] = { body: deploymentWith("sender", "receiver") };
        await stage.kube.createAutoscaler(surge, 0.0181);
        const { spec } = bodyOf("POST horizontalpodautoscalers") as { spec: { metrics: object[] } };
        const cpu = { name: "cpu", target: { type: "AverageValue", averageValue: "18100u" } };
        assert.deepEqual(spec.metrics, [
            { type: "ContainerResource", containerResource: { container: "receiver", ...cpu } },
        ]);
    });

    it("skips what a cluster without such autoscalers refuses", async () => {
        answers["GET deployments/r"] = { body: deploymentWith("receiver") };
        answers["POST horizontalpodautoscalers"] = { status: 404, body: { message: "not found" } };
        await assert.rejects(stage.kube.createAutoscaler(surge, 0.0181), Impossible);
    });

    it("reads what an autoscaler wants, and only complaints that say something", async () => {
        const condition = (type: string, status: string, reason: string) => ({ type, status, reason, message: "m" });
        const status = {
            desiredReplicas: 4,
            conditions: [
                condition("AbleToScale", "True", "ReadyForNewScale"),
                condition("ScalingActive", "False", "FailedGetResourceMetric"),
                condition("ScalingLimited", "True", "TooManyReplicas"),
            ],
        };
        answers["GET horizontalpodautoscalers/r"] = { body: { metadata: { name: "r" }, status } };
        assert.deepEqual(await stage.kube.readAutoscaler(), {
            wanted: 4,
            complaints: ["FailedGetResourceMetric: m", "TooManyReplicas: m"],
        });
        answers["GET horizontalpodautoscalers/r"] = { status: 404, body: {} };
        assert.equal(await stage.kube.readAutoscaler(), undefined);
    });

    it("sets how Pods are kept running, without what an earlier injection has left", async () => {
        const update = { maxSurge: 1, maxUnavailable: 0 };
        await stage.configure({ update, graceSeconds: 15, drain: true, readiness: { periodSeconds: 2 } });
        const first = bodyOf("PATCH deployments/r") as {
            spec: { paused: boolean; strategy: object; template: { spec: Record<string, unknown> } };
        };
        const { paused, strategy, template } = first.spec;
        assert.deepEqual([paused, strategy], [false, { type: "RollingUpdate", rollingUpdate: update }]);
        const { terminationGracePeriodSeconds, containers } = template.spec;
        assert.equal(terminationGracePeriodSeconds, 15);
        const [receiver, ...others] = containers as Record<string, unknown>[];
        assert.deepEqual(others, []);
        const { name, livenessProbe, lifecycle, env, readinessProbe } = receiver ?? {};
        assert.deepEqual([name, livenessProbe, lifecycle], ["receiver", null, null]);
        assert.deepEqual(env, [{ name: "HOPCOST_DRAIN", value: "true" }]);
        assert.equal((readinessProbe as { periodSeconds: number }).periodSeconds, 2);
        await stage.configure({});
        const again = calls.findLast(({ request }) => request === "PATCH deployments/r")?.body as typeof first;
        assert.deepEqual(again.spec.strategy, { type: "Recreate", rollingUpdate: null });
    });

    it("sets it for the initiator of a pair apart", async () => {
        await stage.configure({ graceSeconds: 7 }, "initiator");
        assert.equal(bodyOf("PATCH deployments/r"), undefined);
        const { spec } = bodyOf("PATCH deployments/s") as { spec: { template: { spec: { containers: object[] } } } };
        assert.deepEqual(
            spec.template.spec.containers.map((container) => (container as { name: string }).name),
            ["sender"],
        );
    });

    it("sets it for a reader that is a native sidecar where Kubernetes has those", async () => {
        const pod = { name: "hurt-sidecar", topology: "volume", deployments: ["v"], networkPolicy: "p", sidecar: true };
        const other = new InstanceStage(pod, kube, watch, new AbortController().signal);
        await other.configure({}).finally(() => other.close());
        const { spec } = bodyOf("PATCH deployments/v") as {
            spec: { template: { spec: Record<"containers" | "initContainers", { name: string }[]> } };
        };
        const { containers, initContainers } = spec.template.spec;
        assert.deepEqual(
            [containers, initContainers].map((all) => all.map(({ name }) => name)),
            [["writer"], ["reader"]],
        );
    });

    it("gives only the responder of a pair several Pods", async () => {
        await stage.scale(4);
        const replicas = ["s", "r"].map((name) => bodyOf(`PATCH deployments/${name}/scale`));
        assert.deepEqual(replicas, [{ spec: { replicas: 1 } }, { spec: { replicas: 4 } }]);
        await stage.scale(0);
        assert.deepEqual(
            calls.slice(-2).map(({ body }) => body),
            [{ spec: { replicas: 0 } }, { spec: { replicas: 0 } }],
        );
    });

    it("has no use for a Pod that was evicted", () => {
        assert.equal(stage.pod("responder"), undefined);
    });

    it("asks once for an eviction, and says why it is refused", async () => {
        const request = "POST pods/pod-a/eviction";
        answers[request] = { status: 429, body: { message: "it would violate the budget" } };
        assert.match((await stage.kube.evictPod("pod-a")) ?? "", /violate the budget/);
        assert.equal(calls.filter((call) => call.request === request).length, 1);
        answers[request] = { status: 201, body: {} };
        assert.equal(await stage.kube.evictPod("pod-a"), undefined);
        answers[request] = { status: 404, body: { message: "not found" } };
        await assert.rejects(stage.kube.evictPod("pod-a"), /404 not found/);
    });
});
