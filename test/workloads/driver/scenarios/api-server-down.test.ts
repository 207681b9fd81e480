import assert from "node:assert/strict";
import { agentPort } from "../../../../model/ports.ts";
import type { Progress } from "../../../../model/progress.ts";
import type { Instance } from "../../../../model/scenarios.ts";
import { Journal } from "../../../../workloads/driver/journal.ts";
import { KubeClient } from "../../../../workloads/driver/kube-client.ts";
import { RunLease } from "../../../../workloads/driver/lease.ts";
import { Injections } from "../../../../workloads/driver/scenarios/injections.ts";
import { planOf } from "../../../model/fixtures.ts";
import { scenarioPlanOf } from "../../../report/injections.ts";
import { FakeAgents, FakeCluster, readyPod } from "./fake-cluster.ts";

/** Addresses of the instances' Pods, all on this machine. */
const instances = ["127.0.0.21", "127.0.0.22", "127.0.0.23"].map((ip, index) => {
    const name = `hurt-net-${index + 1}`;
    const instance: Instance = { name, topology: "network", deployments: [name], networkPolicy: name };
    return { ip, instance };
});

describe("the driver and an outage of the API server", function () {
    this.timeout(240_000);
    const cluster = new FakeCluster((name, replicas) => {
        const ip = instances.find(({ instance }) => instance.name === name)?.ip;
        const parts = replicas === 0 ? [] : ["sender", "receiver"];
        return parts.map((component) => readyPod(name, component, `${name}-${component}`, ip));
    });
    const stopping = new AbortController();
    let kube: KubeClient;
    const agents = instances.map(({ ip }) => new FakeAgents(ip, [agentPort]));

    before(async () => {
        await Promise.all(agents.map((one) => one.opened()));
        kube = new KubeClient(await cluster.start(), "test", "/nowhere", stopping.signal);
    });
    after(async () => {
        await kube.close();
        cluster.stop();
        await Promise.all(agents.map((one) => one.close()));
    });

    it("meets all instances at once, without those that failed before, and ends nothing of the run", async () => {
        cluster.refused = instances[2]?.instance.name;
        const scenarios = scenarioPlanOf({ names: ["api-server-down"], injections: 3, shams: 0 });
        const expected = [{ scenario: "api-server-down", topology: "network", text: "no effect", bounds: [] }];
        const plan = { ...planOf({}), instances: instances.map(({ instance }) => instance) };
        const log: string[] = [];
        const options = {
            ...{ plan, namespace: "test", podName: "driver", networkPolicy: "p", apiUrl: "", serviceAccount: "" },
            ...{ signal: stopping.signal, log: (line: string) => log.push(line) },
        };
        const journal = new Journal(kube, plan.runId);
        const lease = new RunLease(kube, plan.runId, "driver/1", 0);
        const injections = new Injections(options, { ...scenarios, expected }, kube, journal, lease);
        const wanted = new Set<string>();
        const watching = setInterval(() => {
            const text = cluster.configMaps.get(`hopcost-${plan.runId}-progress`)?.data?.["progress.json"];
            const wish = text === undefined ? undefined : (JSON.parse(text) as Progress).injecting?.wanted;
            if (wish === undefined || wanted.has(wish.id)) return;
            wanted.add(wish.id);
            cluster.goAway();
            setTimeout(() => {
                cluster.isAway = false;
            }, 50_000);
        }, 200);
        try {
            await injections.run();
        } finally {
            clearInterval(watching);
        }
        assert.equal(wanted.size, 1, log.join("\n"));
        assert.equal(injections.done.length, 3);
        const [failed, ...others] = injections.done;
        assert.deepEqual([failed?.state, others.length], ["void", 2], log.join("\n"));
        for (const { state, proof, reason, flows, events } of others) {
            assert.equal(state, "ok", reason);
            assert.match(proof ?? "", /did not answer for (49|5\d) s/);
            for (const { outageSeconds, slots, outcomes } of flows)
                assert.deepEqual([outageSeconds, outcomes["on-time"]], [0, slots]);
            assert.deepEqual(
                events.map(({ what }) => what),
                ["API server away", "API server back"],
            );
        }
        const written = [...cluster.configMaps.keys()].filter((name) => name.includes("-injection-"));
        assert.equal(written.length, 3);
    });
});
