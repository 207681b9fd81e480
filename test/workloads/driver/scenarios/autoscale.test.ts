import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { agentPort } from "../../../../model/ports.ts";
import { dueOf, slotsIn } from "../../../../statistics/timetable.ts";
import { KubeClient } from "../../../../workloads/driver/kube-client.ts";
import { inject } from "../../../../workloads/driver/scenarios/inject.ts";
import { PodWatch } from "../../../../workloads/driver/scenarios/pod-watch.ts";
import { InstanceStage } from "../../../../workloads/driver/scenarios/stage.ts";
import { autoscaleBy } from "../../../../workloads/injections/autoscale.ts";
import type { Ended, Load } from "../../../../workloads/scenario/api.ts";
import { epochSeconds } from "../../../../workloads/scenario/epoch.ts";
import { scenarioPlanOf } from "../../../report/injections.ts";

const instance = { name: "hurt-net-1", topology: "network", deployments: ["s", "r"], networkPolicy: "p", replicas: 4 };
const [senderIp, firstIp, secondIp] = ["127.0.0.81", "127.0.0.82", "127.0.0.83"] as const;
const surge = {
    ...{ idleSeconds: 1, higherSeconds: 4, usualSeconds: 8, knownSeconds: 3, factor: 3, seconds: 12, calmSeconds: 8 },
    ...{ mostReplicas: 3, stabilizationSeconds: 1 },
};
/** When the second receiver comes, and when it goes; seconds after the load has risen. */
const [comes, goes] = [4, 15];

/** Answers every request with what `answer` returns as JSON; 404 if that is undefined. */
async function serve(host: string, port: number, answer: (url: URL, request: IncomingMessage) => unknown) {
    const server = createServer(async (request, response) => {
        const found = await answer(new URL(request.url ?? "/", "http://any"), request);
        response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
        response.end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return server;
}

/** A sender and two receivers: kept connections stay with the first one, fresh ones take turns while both are there. */
class Traffic {
    load: Load | undefined;
    stoppedAt: number | undefined;
    readonly #startedAt = epochSeconds();

    /** Slots that were offered until then. */
    next(at = this.stoppedAt ?? epochSeconds()): number {
        const { load } = this;
        return load === undefined ? 0 : Math.max(0, Math.floor(slotsIn(load, at - load.startEpochSeconds)));
    }

    /** Seconds after the load has risen. */
    get sinceSurge(): number {
        const { startEpochSeconds = Number.POSITIVE_INFINITY, steps } = this.load ?? {};
        return epochSeconds() - startEpochSeconds - (steps?.[1]?.fromSeconds ?? 0);
    }

    sender(url: URL, request: IncomingMessage): unknown {
        if (url.pathname === "/scenario/load")
            return json(request).then((load) => {
                this.load = load as Load;
                return {};
            });
        if (url.pathname === "/scenario/stop") this.stoppedAt = epochSeconds();
        if (url.pathname === "/scenario/clock") return { epochSeconds: epochSeconds() };
        if (url.pathname !== "/scenario/records") return {};
        const [after, next] = [Number(url.searchParams.get("after")), this.next()];
        const ended = Array.from(
            { length: Math.max(0, next - after) },
            (_, index): Ended => [after + index, 0, 1000, 9, 1],
        );
        const isDone = this.stoppedAt !== undefined;
        return { injection: "", bootId: "s", from: 0, next, isDone, cpuSeconds: 1, ended };
    }

    receiver(isFirst: boolean, url: URL): unknown {
        // 2 m without messages, and 1 ms of CPU for each slot.
        if (url.pathname === "/counters")
            return { cpuSeconds: 0.002 * (epochSeconds() - this.#startedAt) + 0.001 * this.next() };
        if (url.pathname !== "/scenario/ledger") return {};
        const isFresh = url.searchParams.get("flow") === "once-fresh";
        const entries = Array.from({ length: this.next() }, (_, sequence) => {
            const isSecond = isFresh && sequence % 2 === 1 && this.#hasBoth(sequence);
            return isSecond === !isFirst ? 1 : 0;
        });
        return { entries: Buffer.from(entries).toString("base64") };
    }

    #hasBoth(sequence: number): boolean {
        const at = dueOf(this.load as Load, sequence) - (this.load?.steps?.[1]?.fromSeconds ?? 0);
        return at >= comes && at < goes;
    }
}

/** As much of an API server as an autoscaler needs. It adds a second receiver for a while, if there is an autoscaler. */
class Cluster {
    readonly calls: string[] = [];
    /** Whether the autoscaler adds a receiver before it is needed. */
    isHasty = false;
    readonly #traffic: Traffic;
    readonly #watches = new Set<ServerResponse>();
    readonly #pods = new Map<string, object>();
    #autoscaler: object | undefined;

    constructor(traffic: Traffic) {
        this.#traffic = traffic;
    }

    get hasAutoscaler(): boolean {
        return this.#autoscaler !== undefined;
    }

    async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
        const path = pathname.split("/namespaces/test/")[1] ?? "";
        if (searchParams.has("watch")) {
            response.writeHead(200).flushHeaders();
            this.#watches.add(response);
            for (const pod of this.#pods.values()) response.write(line("ADDED", pod));
            return;
        }
        this.calls.push(`${request.method} ${path}`);
        const body = request.method === "GET" ? undefined : await json(request);
        const found = this.#answer(`${request.method} ${path}`, body);
        response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
    }

    /** What an autoscaler would do, called often. */
    scale(): void {
        if (this.#autoscaler === undefined) return;
        const { sinceSurge } = this.#traffic;
        if (this.isHasty || (sinceSurge >= comes && sinceSurge < goes)) this.#add("receiver", secondIp);
        else if (sinceSurge >= goes) this.#remove(secondIp);
    }

    #answer(call: string, body: unknown): unknown {
        const replicas = (body as { spec?: { replicas?: number } } | undefined)?.spec?.replicas;
        switch (call) {
            case "PATCH deployments/s/scale":
            case "PATCH deployments/r/scale": {
                const [component, ip] = call.includes("/s/")
                    ? (["sender", senderIp] as const)
                    : (["receiver", firstIp] as const);
                if (replicas === 0)
                    for (const one of [ip, ...(component === "receiver" ? [secondIp] : [])]) this.#remove(one);
                else this.#add(component, ip);
                return {};
            }
            case "GET deployments/r": {
                const containers = [{ name: "receiver", resources: { requests: { cpu: "25m" } } }];
                return { metadata: { name: "r", uid: "u" }, spec: { template: { spec: { containers } } } };
            }
            case "POST horizontalpodautoscalers":
                this.#autoscaler = body as object;
                return {};
            case "GET horizontalpodautoscalers/r":
                return (
                    this.#autoscaler && {
                        ...this.#autoscaler,
                        status: { desiredReplicas: this.#pods.has(secondIp) ? 2 : 1 },
                    }
                );
            case "DELETE horizontalpodautoscalers/r":
                this.#autoscaler = undefined;
                return {};
            default:
                return call.startsWith("GET") ? undefined : {};
        }
    }

    #add(component: string, ip: string): void {
        if (this.#pods.has(ip)) return;
        const labels = { "app.kubernetes.io/instance": instance.name, "app.kubernetes.io/component": component };
        const pod = {
            metadata: { name: ip, uid: ip, labels, creationTimestamp: new Date().toISOString() },
            status: { podIP: ip, conditions: [{ type: "Ready", status: "True" }] },
        };
        this.#pods.set(ip, pod);
        for (const watch of this.#watches) watch.write(line("ADDED", pod));
    }

    #remove(ip: string): void {
        const pod = this.#pods.get(ip);
        this.#pods.delete(ip);
        if (pod !== undefined) for (const watch of this.#watches) watch.write(line("DELETED", pod));
    }
}

function line(type: string, object: object): string {
    return `${JSON.stringify({ type, object })}\n`;
}

describe("the driver and an autoscaler", function () {
    this.timeout(180_000);
    const traffic = new Traffic();
    const cluster = new Cluster(traffic);
    const stopping = new AbortController();
    const api = createServer((request, response) => void cluster.handle(request, response));
    let servers: Server[] = [];
    let kube: KubeClient;
    let watch: PodWatch;

    before(async () => {
        servers = await Promise.all([
            serve(senderIp, agentPort, (url, request) => traffic.sender(url, request)),
            serve(firstIp, agentPort, (url) => traffic.receiver(true, url)),
            serve(secondIp, agentPort, (url) => traffic.receiver(false, url)),
        ]);
        await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
        const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
        kube = new KubeClient(url, "test", "/nowhere", stopping.signal);
        watch = new PodWatch(kube);
    });
    after(async () => {
        stopping.abort();
        await watch.close();
        await kube.close();
        for (const server of [api, ...servers]) {
            server.closeAllConnections();
            server.close();
        }
    });

    it("records what was needed, ready and receiving, and leaves no autoscaler", async () => {
        const stage = new InstanceStage(instance, kube, watch, stopping.signal);
        const scaling = setInterval(() => cluster.scale(), 50);
        const scheduled = { index: 0, scenario: "autoscale", topology: "network", phase: 0 };
        const plan = scenarioPlanOf({ names: ["autoscale"], ratePerSecond: 30, deadlineSeconds: 1 });
        const done = await inject(scheduled, stage, plan, "run-1", { scenario: autoscaleBy(surge) }).finally(() =>
            clearInterval(scaling),
        );
        await stage.close();
        assert.equal(done.state, "ok", done.reason);
        const offered = Number(/^(\d+) messages/.exec(done.proof ?? "")?.[1]);
        assert.ok(offered > 240 && offered < 480, done.proof);
        assert.equal(cluster.hasAutoscaler, false);
        assert.equal(cluster.calls.filter((call) => call === "POST horizontalpodautoscalers").length, 1);
        const { elasticity, flows } = done;
        for (const { slots, outcomes, outageSeconds } of flows)
            assert.deepEqual([outcomes["on-time"], outageSeconds], [slots, 0]);
        // 10 a second, and 30 for 12 s; the first 3 s don't count.
        const expected =
            30 * surge.higherSeconds +
            10 * (surge.usualSeconds + surge.knownSeconds + done.watchedSeconds - surge.seconds) +
            30 * surge.seconds;
        assert.ok(
            flows.every(({ slots }) => Math.abs(slots - expected) <= 100),
            `${flows[0]?.slots} of ${expected}`,
        );
        assert.ok(elasticity !== undefined);
        // 30m of work during the surge; the target is between 12m and 32m, so a replica has 21.5m - 2m for it.
        assert.deepEqual(
            elasticity.demand.map(({ replicas }) => replicas),
            [1, 2, 1],
        );
        assert.deepEqual(
            [elasticity.wanted, elasticity.ready].map((steps) => steps.map(({ replicas }) => replicas)),
            [
                [1, 2, 1],
                [1, 2, 1],
            ],
        );
        const counts = Object.fromEntries(
            elasticity.flows.map(({ flow, receiving }) => [
                flow,
                Math.max(...receiving.map(({ replicas }) => replicas)),
            ]),
        );
        assert.deepEqual(counts, { once: 1, "once-fresh": 2, retry: 1 });
        const firstPod = elasticity.firstPodSeconds ?? Number.NaN;
        const scaledDown = elasticity.scaledDownSeconds ?? Number.NaN;
        assert.ok(
            firstPod >= comes && firstPod < goes && scaledDown >= goes - surge.seconds,
            `${firstPod}, ${scaledDown}`,
        );
        const what = done.events.map((event) => event.what);
        assert.ok(what.includes("autoscaler wants 2") && what.includes("receiver created"), what.join(", "));
    });

    it("leaves no autoscaler behind an injection that is void", async () => {
        const stage = new InstanceStage(instance, kube, watch, stopping.signal);
        const scaling = setInterval(() => cluster.scale(), 50);
        cluster.isHasty = true;
        const scheduled = { index: 1, scenario: "autoscale", topology: "network", phase: 0 };
        const plan = scenarioPlanOf({ names: ["autoscale"], ratePerSecond: 30 });
        [traffic.load, traffic.stoppedAt] = [undefined, undefined];
        const done = await inject(scheduled, stage, plan, "run-1", { scenario: autoscaleBy(surge) }).finally(() =>
            clearInterval(scaling),
        );
        await stage.close();
        assert.equal(done.state, "void");
        assert.match(done.reason ?? "", /asked for 2 replicas before the load rose/);
        assert.equal(cluster.hasAutoscaler, false);
        assert.equal(cluster.calls.filter((call) => call === "POST horizontalpodautoscalers").length, 2);
    });
});
