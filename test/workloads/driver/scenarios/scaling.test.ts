import assert from "node:assert/strict";
import { scheduleName } from "../../../../model/names.ts";
import { agentPort, readerAgentPort } from "../../../../model/ports.ts";
import type { Injection, Instance } from "../../../../model/scenarios.ts";
import { Journal } from "../../../../workloads/driver/journal.ts";
import { KubeClient } from "../../../../workloads/driver/kube-client.ts";
import { RunLease } from "../../../../workloads/driver/lease.ts";
import { Injections } from "../../../../workloads/driver/scenarios/injections.ts";
import { planOf } from "../../../model/fixtures.ts";
import { scenarioPlanOf } from "../../../report/injections.ts";
import { FakeAgents, FakeCluster, readyPod } from "./fake-cluster.ts";

const names = ["hurt-vol-1", "hurt-vol-2"];
const instances: Instance[] = names.map((name) => ({
    ...{ name, topology: "volume", deployments: [name], networkPolicy: name, volumes: ["main"], replicas: 4 },
}));
/** Address of a Pod of an instance, on this machine. */
const addressOf = (name: string, pod: number) => `127.0.0.${30 + 10 * names.indexOf(name) + pod}`;

describe("the driver and several pairs of a shared volume", function () {
    this.timeout(240_000);
    const stopping = new AbortController();
    /** The agents of the Pods that live, by address. */
    const agents = new Map<string, FakeAgents>();
    const cluster = new FakeCluster((name, replicas) => {
        for (let pod = 0; pod < 4; pod++) {
            const address = addressOf(name, pod);
            if (pod < replicas && !agents.has(address)) {
                const scheduled = () => {
                    const text = cluster.configMaps.get(scheduleName(name))?.data?.["schedule.json"] ?? "{}";
                    const schedule = JSON.parse(text);
                    return schedule.startEpochSeconds === undefined ? undefined : schedule;
                };
                // They stop one after another, as on a busy machine.
                const ports = [agentPort, readerAgentPort];
                agents.set(address, new FakeAgents(address, ports, address, scheduled, pod / 5));
            } else if (pod >= replicas) {
                void agents.get(address)?.close();
                agents.delete(address);
            }
        }
        return Array.from({ length: replicas }, (_, pod) =>
            readyPod(name, "shared-volume", `${name}-${pod}`, addressOf(name, pod)),
        );
    });
    let kube: KubeClient;
    const found = new Map<string, Injection>();

    before(async () => {
        kube = new KubeClient(await cluster.start(), "test", "/nowhere", stopping.signal);
        const expected = ["scale-out", "scale-in"].map((scenario) => ({
            ...{ scenario, topology: "volume", text: "", bounds: [] },
        }));
        const scenarios = scenarioPlanOf({ names: ["scale-out", "scale-in"], injections: 1, shams: 0, expected });
        const plan = { ...planOf({}), instances };
        const options = {
            ...{ plan, namespace: "test", podName: "driver", networkPolicy: "p", apiUrl: "", serviceAccount: "" },
            ...{ signal: stopping.signal, log: () => {} },
        };
        const journal = new Journal(kube, plan.runId);
        const lease = new RunLease(kube, plan.runId, "driver/1", 0);
        const injections = new Injections(options, scenarios, kube, journal, lease);
        await injections.run();
        for (const one of injections.done) found.set(one.scenario, one);
    });
    after(async () => {
        await kube.close();
        cluster.stop();
        for (const one of agents.values()) await one.close();
    });

    const of = (scenario: string) => {
        const { state, reason, flows, shares = [], ...others } = found.get(scenario) ?? assert.fail(scenario);
        assert.equal(state, "ok", reason);
        const once = flows.find(({ flow }) => flow === "once") ?? assert.fail();
        const shared = shares.find(({ flow }) => flow === "once") ?? assert.fail();
        return { once, shared, ...others };
    };
    /** Messages that one pair offers in the whole time. */
    const alone = (scenario: string) => {
        const { bins } = of(scenario).once;
        const lengths = Object.values(bins.outcomes).map(({ length }) => length);
        return (Math.max(...lengths) / 10) * 20;
    };

    it("counts the messages of each pair from when its Pod is there", () => {
        const { once, proof } = of("scale-out");
        assert.match(proof ?? "", /4 ready Pods/);
        assert.equal(once.outcomes["on-time"], once.slots);
        assert.ok(once.slots > alone("scale-out") && once.slots < 4 * alone("scale-out"), `${once.slots}`);
    });

    it("counts those of a pair that goes to the last one that is known, and none after that", () => {
        const { once, proof } = of("scale-in");
        assert.match(proof ?? "", /4 Pods became 1/);
        const { unknown, "on-time": onTime } = once.outcomes;
        assert.equal(unknown + onTime, once.slots);
        assert.ok(once.slots > alone("scale-in") && once.slots < 2.5 * alone("scale-in"), `${once.slots}`);
    });

    it("says which pair received what, also of those that are gone", () => {
        const { shared: added } = of("scale-out");
        assert.equal(added.replicas.length, 4);
        assert.ok((added.busiest ?? 1) < 0.27);
        for (const [index, { readySeconds, untilShareSeconds }] of added.replicas.entries())
            assert.deepEqual([readySeconds > 0, untilShareSeconds !== undefined], Array(2).fill(index > 0));
        const { shared: left } = of("scale-in");
        assert.equal(left.replicas.length, 4);
        assert.equal(left.replicas.filter(({ endSeconds }) => endSeconds !== undefined).length, 3);
        for (const { arrivals, endSeconds = Number.POSITIVE_INFINITY } of left.replicas) {
            const last = left.fromSeconds + arrivals.findLastIndex((count) => count > 0);
            assert.ok(arrivals.some((count) => count > 0) && last <= endSeconds, `${last} s`);
        }
    });
});
