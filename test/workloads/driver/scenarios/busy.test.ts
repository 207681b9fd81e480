import assert from "node:assert/strict";
import { agentPort, readerAgentPort } from "../../../../model/ports.ts";
import type { Instance } from "../../../../model/scenarios.ts";
import { Journal } from "../../../../workloads/driver/journal.ts";
import { KubeClient } from "../../../../workloads/driver/kube-client.ts";
import { RunLease } from "../../../../workloads/driver/lease.ts";
import { Injections } from "../../../../workloads/driver/scenarios/injections.ts";
import { planOf } from "../../../model/fixtures.ts";
import { scenarioPlanOf } from "../../../report/injections.ts";
import { FakeAgents, FakeCluster, readyPod } from "./fake-cluster.ts";

const addresses: Record<string, string> = { "hurt-vol-1": "127.0.0.71", "hurt-vol-2": "127.0.0.72" };
const instances: Instance[] = Object.keys(addresses).map((name) => ({
    ...{ name, topology: "volume", deployments: [name], networkPolicy: name, volumes: ["main"] },
}));

describe("a driver on a machine that is too busy for all instances at once", function () {
    this.timeout(240_000);

    it("puts off what the load generator is late for, and makes it again with fewer at once", async () => {
        const agents = new Map<string, FakeAgents>();
        let pods = 0;
        const cluster = new FakeCluster((name, replicas) => {
            const address = addresses[name] ?? assert.fail(name);
            if (replicas > 0 && !agents.has(address)) {
                const agent = new FakeAgents(address, [agentPort, readerAgentPort]);
                // Only the first attempt is late: then there is one at once.
                if (++pods === 1) agent.latenessMicroseconds = 200_000;
                agents.set(address, agent);
            } else if (replicas === 0) {
                void agents.get(address)?.close();
                agents.delete(address);
            }
            return replicas === 0 ? [] : [readyPod(name, "shared-volume", `${name}-${pods}`, address)];
        });
        const kube = new KubeClient(await cluster.start(), "test", "/nowhere", new AbortController().signal);
        const log: string[] = [];
        const plan = { ...planOf({}), instances };
        const options = {
            ...{ plan, namespace: "test", podName: "driver", networkPolicy: "p", apiUrl: "", serviceAccount: "" },
            ...{ signal: new AbortController().signal, log: (line: string) => log.push(line) },
        };
        const expected = [{ scenario: "kill-process", topology: "volume", text: "", bounds: [] }];
        // Nothing can be killed here, so that one is void; the sham is not.
        const both = scenarioPlanOf({ names: ["kill-process"], injections: 1, shams: 1, expected });
        const lease = new RunLease(kube, plan.runId, "driver/1", 0);
        const injections = new Injections(options, both, kube, new Journal(kube, plan.runId), lease);
        try {
            await injections.run();
            const putOff = log.filter((line) => line.includes("is put off"));
            assert.equal(putOff.length, 1, log.join("\n"));
            assert.equal(pods, 3);
            assert.deepEqual(injections.done.map(({ state }) => state).sort(), ["ok", "void"]);
        } finally {
            await kube.close();
            cluster.stop();
            for (const agent of agents.values()) await agent.close();
        }
    });
});
