import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { agentPort } from "../../../../model/ports.ts";
import { Journal } from "../../../../workloads/driver/journal.ts";
import { KubeClient } from "../../../../workloads/driver/kube-client.ts";
import { RunLease } from "../../../../workloads/driver/lease.ts";
import { measureDensity } from "../../../../workloads/driver/scenarios/density.ts";
import { Injections } from "../../../../workloads/driver/scenarios/injections.ts";
import { PodWatch } from "../../../../workloads/driver/scenarios/pod-watch.ts";
import { InstanceStage } from "../../../../workloads/driver/scenarios/stage.ts";
import { Impossible } from "../../../../workloads/injections/scenario.ts";
import type { Ended, Load, Records, Usage } from "../../../../workloads/scenario/api.ts";
import { planOf } from "../../../model/fixtures.ts";
import { scenarioPlanOf } from "../../../report/injections.ts";

const instance = {
    ...{ name: "hurt-net-1", topology: "network", deployments: ["sender", "receiver"], networkPolicy: "p" },
    uploadUrl: "http://receiver/upload",
};
const times = { lead: 0.05, warmUp: 0.1, window: 0.3, ready: 10, patience: 0.5 };
const addresses = Array.from({ length: 8 }, (_, index) => `127.0.0.${101 + index}`);

/** An agent at an address, that answers as a sender and as a receiver. */
class Agent {
    readonly #server: Server;
    load: Load | undefined;
    #readings = 0;

    /** @param milliseconds latency of its messages, except of one that is never acknowledged */
    constructor(host: string, milliseconds: number, lost: number | undefined) {
        this.#server = createServer(async (request, response) => {
            const { pathname } = new URL(request.url ?? "/", "http://agent");
            let body = "";
            for await (const chunk of request) body += chunk;
            if (pathname === "/scenario/load") this.load = JSON.parse(body);
            const found =
                pathname === "/scenario/clock"
                    ? { epochSeconds: 1000 } // all at the same moment
                    : pathname === "/scenario/usage"
                      ? this.#usage()
                      : pathname === "/scenario/records"
                        ? this.#records(milliseconds, lost)
                        : {};
            response.end(JSON.stringify(found));
        }).listen(agentPort, host);
    }

    /** A tenth of a CPU second more each time, and half of two processors busy. */
    #usage(): Usage {
        const reading = this.#readings++;
        const machine = { id: "one", processors: 2, busyTicks: 100 * reading, allTicks: 200 * reading };
        return { cpuSeconds: reading / 10, memoryBytes: 50e6, machine };
    }

    #records(milliseconds: number, lost: number | undefined): Records {
        const { slots = 0, injection = "" } = this.load ?? {};
        const ended = Array.from(
            { length: slots },
            (_, at): Ended => [at, at === lost ? 1 : 0, 1000 * milliseconds, 0, 1],
        );
        return { injection, bootId: "a", from: 0, next: slots, isDone: true, cpuSeconds: 0, ended };
    }

    stop(): void {
        this.#server.closeAllConnections();
        this.#server.close();
    }
}

/** As much of an API server as a stage uses, with room for so many Pods, of which a quota lets fewer be created. */
class Cluster {
    room = addresses.length;
    quota = Number.POSITIVE_INFINITY;
    /** `NAME REPLICAS` of each scaling. */
    readonly scaled: string[] = [];
    readonly #pods = new Map<string, object[]>();
    readonly #watches = new Set<ServerResponse>();
    readonly #server = createServer(async (request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
        let body = "";
        for await (const chunk of request) body += chunk;
        if (searchParams.has("watch")) {
            response.flushHeaders();
            return void this.#watches.add(response);
        }
        const [, name = "", isScale] = /deployments\/([a-z]+)(\/scale)?$/.exec(pathname) ?? [];
        if (isScale) this.#scale(name, JSON.parse(body).spec.replicas);
        response.end(JSON.stringify(name !== "" && !isScale ? this.#deployment() : { metadata: {} }));
    });

    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    stop(): void {
        this.#server.closeAllConnections();
        this.#server.close();
    }

    #count(): number {
        return [...this.#pods.values()].flat().length;
    }

    #deployment() {
        const conditions = [{ type: "ReplicaFailure", status: "True", message: "exceeded quota: small" }];
        return { metadata: {}, status: { conditions: this.#count() >= this.quota ? conditions : [] } };
    }

    #scale(component: string, replicas: number): void {
        this.scaled.push(`${component} ${replicas}`);
        const before = this.#pods.get(component) ?? [];
        this.#pods.set(component, []);
        for (let index = 0; index < replicas && this.#count() < this.quota; index++) {
            const ip = addresses[this.#count()];
            const fits = this.#count() < this.room;
            const unplaced = {
                type: "PodScheduled",
                status: "False",
                message: "0/1 nodes are available: 1 Too many pods. No victims.",
            };
            const pod = {
                metadata: {
                    ...{ name: `${component}-${index}`, uid: `${component}-${index}-${this.scaled.length}` },
                    labels: { "app.kubernetes.io/instance": instance.name, "app.kubernetes.io/component": component },
                },
                status: fits
                    ? { podIP: ip, conditions: [{ type: "Ready", status: "True" }] }
                    : { conditions: [unplaced] },
            };
            this.#pods.get(component)?.push(pod);
        }
        for (const watch of this.#watches) {
            for (const object of before) watch.write(`${JSON.stringify({ type: "DELETED", object })}\n`);
            for (const object of this.#pods.get(component) ?? [])
                watch.write(`${JSON.stringify({ type: "ADDED", object })}\n`);
        }
    }
}

describe("injections that have the cluster to themselves", () => {
    const leftover = {
        metadata: { name: "left", uid: "left", labels: { "app.kubernetes.io/instance": "hurt-net-2" } },
    };
    const watches = new Set<ServerResponse>();
    const watched = Promise.withResolvers<void>();
    /** Refuses to scale a Deployment, so that each injection is void at once; but not before there is a watch. */
    const server = createServer(async (request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
        let body = "";
        for await (const chunk of request) body += chunk;
        if (searchParams.has("watch")) {
            watches.add(response);
            response.write(`${JSON.stringify({ type: "ADDED", object: leftover })}\n`);
            return void watched.resolve();
        }
        const isScale = pathname.endsWith("/scale");
        if (isScale) await watched.promise;
        response.statusCode = isScale ? 403 : 200;
        response.end(request.method === "GET" ? '{"items":[],"metadata":{}}' : body);
    });

    it("come last of all, and wait until the Pods of the others are gone", async () => {
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const kube = new KubeClient(url, "test", "/nowhere", new AbortController().signal);
        const instances = ["hurt-net-1", "hurt-net-2"].map((name) => ({ ...instance, name, deployments: [name] }));
        const plan = { ...planOf({}), instances };
        const expected = ["density", "kill-process"].map((scenario) => ({
            ...{ scenario, topology: "network", text: "any", bounds: [] },
        }));
        const scenarios = scenarioPlanOf({ names: ["kill-process", "density"], injections: 2, shams: 0, expected });
        const options = {
            ...{ plan, namespace: "test", podName: "driver", networkPolicy: "p", apiUrl: "", serviceAccount: "" },
            ...{ signal: new AbortController().signal, log: () => {} },
        };
        const lease = new RunLease(kube, plan.runId, "driver/1", 0);
        const injections = new Injections(options, scenarios, kube, new Journal(kube, plan.runId), lease);
        const namesOf = () => injections.done.map(({ scenario }) => scenario);
        let before: string[] = [];
        // Once the others are done, and a second later, in which it could begin too early.
        const looking = setInterval(() => {
            if (namesOf().length < 2) return;
            clearInterval(looking);
            setTimeout(() => {
                before = namesOf();
                for (const watch of watches) watch.write(`${JSON.stringify({ type: "DELETED", object: leftover })}\n`);
            }, 1000);
        }, 50);
        try {
            await injections.run();
        } finally {
            clearInterval(looking);
            await kube.close();
            server.closeAllConnections();
            server.close();
        }
        assert.deepEqual(before, ["kill-process", "kill-process"]);
        assert.deepEqual(namesOf(), [...before, "density", "density"]);
    }).timeout(60_000);
});

describe("an injection of density", () => {
    const plan = scenarioPlanOf({ names: ["density"], ratePerSecond: 100, deadlineSeconds: 0.05 });
    let cluster: Cluster;
    let agents: Agent[];
    let kube: KubeClient;
    let watch: PodWatch;
    let stage: InstanceStage;

    beforeEach(async () => {
        cluster = new Cluster();
        // Senders and receivers share the addresses; the one at the second loses its last message.
        agents = addresses.map((host, index) => new Agent(host, index + 1, index === 1 ? 39 : undefined));
        kube = new KubeClient(await cluster.start(), "test", "/nowhere", new AbortController().signal);
        watch = new PodWatch(kube);
        stage = new InstanceStage(instance, kube, watch, new AbortController().signal);
    });
    afterEach(async () => {
        await stage.close();
        await watch.close();
        await kube.close();
        cluster.stop();
        for (const agent of agents) agent.stop();
    });
    const inject = (phase: number, numbers: number[]) =>
        measureDensity(
            { index: 3, scenario: "density", topology: "network", phase },
            numbers,
            stage,
            plan,
            "run-1",
            times,
        );

    it("measures each number of pairs with fresh Pods, in an order that differs between injections", async () => {
        const orders = new Set<string>();
        for (const phase of [0.1, 0.4, 0.8, 0.95]) {
            const { density } = await inject(phase, [1, 2, 4]);
            assert.deepEqual(density?.unfit, []);
            orders.add(String(density?.steps.map(({ pairs }) => pairs)));
        }
        assert.ok(orders.size > 1, [...orders].join("; "));
        const [sender, receiver, ...more] = cluster.scaled;
        assert.equal(sender?.replace("sender", "receiver"), receiver);
        assert.deepEqual(more.slice(0, 2), ["sender 0", "receiver 0"]);
    }).timeout(60_000);

    it("has the figures of each pair, of their containers, and of what else their machine did", async () => {
        const { state, density, flows } = await inject(0.5, [2]);
        assert.deepEqual([state, flows], ["ok", []]);
        const [step, ...others] = density?.steps ?? [];
        assert.deepEqual(others, []);
        assert.ok(step !== undefined);
        const { pairs, pods, addresses: count, machines, messages, unacknowledged, latencies } = step;
        // Flows once and retry, 30 messages each in the time that is measured.
        assert.deepEqual(
            { pairs, pods, count, machines, messages, unacknowledged },
            {
                ...{ pairs: 2, pods: 4, count: 4, machines: 1, messages: 120, unacknowledged: 2 },
            },
        );
        assert.deepEqual(latencies, [
            { p50Seconds: 0.001, p99Seconds: 0.001 },
            { p50Seconds: 0.002, p99Seconds: null },
        ]);
        // Four containers used 0.1 s each, in a time that depends on the machine; usage.test.ts has exact figures.
        assert.ok(typeof step.cpuCores === "number" && step.cpuCores > 0);
        assert.equal(step.memoryBytes, 4 * 50e6);
        // Half of two processors was busy.
        assert.equal(step.otherCores, Math.max(0, Number((1 - step.cpuCores).toPrecision(6))));
    });

    it("gives each pair a schedule of its own: no two are due at the same time", async () => {
        await inject(0.5, [4]);
        const starts = agents.slice(0, 4).map(({ load }) => ((load?.startEpochSeconds ?? 0) * plan.ratePerSecond) % 1);
        assert.equal(new Set(starts.map((phase) => phase.toFixed(3))).size, 4);
        assert.deepEqual(new Set(agents.slice(0, 4).map(({ load }) => load?.injection)), new Set(["run-1-3"]));
    });

    it("goes on without what does not fit, and says what the scheduler or a quota said", async () => {
        cluster.room = 5;
        const { density } = await inject(0.5, [1, 2, 4]);
        assert.deepEqual(density?.steps.map(({ pairs }) => pairs).sort(), [1, 2]);
        assert.deepEqual(density?.unfit, [
            { pairs: 4, reason: "5 of 8 Pods run: 0/1 nodes are available: 1 Too many pods" },
        ]);
        cluster.quota = 3;
        const short = await inject(0.5, [1, 2]);
        assert.deepEqual(short.density?.unfit, [{ pairs: 2, reason: "3 of 4 Pods run: exceeded quota: small" }]);
    }).timeout(60_000);

    it("can't be done where not even one pair fits", async () => {
        cluster.room = 1;
        await assert.rejects(inject(0.5, [1, 2]), (error) => {
            assert.ok(error instanceof Impossible);
            return /^1 of [24] Pods run: 0\/1 nodes/.test(error.message);
        });
        assert.deepEqual(cluster.scaled.slice(-2), ["sender 0", "receiver 0"]);
    }).timeout(60_000);
});
