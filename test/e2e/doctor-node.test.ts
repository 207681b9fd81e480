import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { V1Node, V1NodeSystemInfo } from "@kubernetes/client-node";
import type { Check } from "../../cli/checks/check.ts";
import { shellWord } from "../../cli/terminal/shell-word.ts";
import {
    sandboxContext as context,
    sandboxDown,
    sandboxKubeconfig,
    sandboxStatus,
    sandboxUp,
} from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import { doctorOf, onlyFailureOf, probing } from "./diagnosis.ts";
import { minutes, namespaces, removeNamespace, sandboxClients } from "./support.ts";

const nodeName = "hopcost-node-1";

describe("hopcost doctor on a sandbox of one node", function () {
    this.timeout(minutes(2));
    let folder = "";
    let there: string[] = [];
    let original: V1Node["spec"];

    before(async () => {
        await sandboxUp(() => {});
        // Another test can have left two nodes.
        if ((await sandboxStatus()).nodes.length > 1) await sandboxDown(() => {});
        await sandboxUp(() => {});
        original = (await sandboxClients().core.readNode({ name: nodeName })).spec;
    });
    beforeEach(async () => {
        folder = checkoutWith();
        there = await namespaces();
    });
    afterEach(async () => {
        removeCheckout(folder);
        assert.deepEqual(await namespaces(), there);
    });

    const patchNode = async (spec: V1Node["spec"] | Record<string, null>) => {
        const body = [{ op: "add", path: "/spec", value: { ...original, ...spec } }];
        await sandboxClients().core.patchNode({ name: nodeName, body });
    };
    /** The same cluster under a context that isn't known as the sandbox, which would be repaired, not checked. */
    const underAnotherName = () => {
        const kubeconfig = join(folder, "mine.yaml");
        writeFileSync(kubeconfig, readFileSync(sandboxKubeconfig, "utf8").replaceAll(context, "mine"));
        setConfig(folder, { "kubernetes:context": "mine", "kubernetes:kubeconfig": kubeconfig });
        return `kubectl --kubeconfig ${shellWord(kubeconfig)} --context mine`;
    };
    const asks = "sender, receiver, shared-volume (together 1 CPU and 2048Mi of memory)";

    it("reports that cross-node needs another node, with the command", async () => {
        setConfig(folder, { "hopcost:placement": "cross-node" });
        const failure = await onlyFailureOf(folder);
        assert.deepEqual(failure, {
            id: "nodes",
            title: "Nodes",
            state: "failure",
            detail: `Placement cross-node: 0/1 nodes of context "${context}" are available for receiver (0.25 CPU and 512Mi of memory, on another node than the initiators): ${nodeName} didn't match pod anti-affinity rules`,
            remedy: "add a node with: hopcost sandbox up --nodes 2, or set hopcost:placement to same-node or any",
        });
    });

    it("reports that the node is cordoned, with the command to uncordon it", async () => {
        try {
            const kubectl = underAnotherName();
            await patchNode({ unschedulable: true });
            const failure = await onlyFailureOf(folder);
            assert.equal(
                `${failure?.id}: ${failure?.detail}`,
                `nodes: Placement same-node: 0/1 nodes of context "mine" are available for ${asks}: ${nodeName} was unschedulable`,
            );
            assert.ok(failure?.remedy?.endsWith(`: ${kubectl} uncordon ${nodeName}`), failure?.remedy);
        } finally {
            await patchNode({});
        }
    });

    it("counts no Windows node, and no node without the labels of hopcost:nodeSelector", async () => {
        const { core } = sandboxClients();
        const windows = "hopcost-windows";
        const labels = { "kubernetes.io/os": "windows", "kubernetes.io/hostname": windows };
        const conditions = [{ type: "Ready", status: "True" }];
        const allocatable = { cpu: "64", memory: "256Gi", pods: "110" };
        const nodeInfo = { operatingSystem: "windows", architecture: "amd64" } as V1NodeSystemInfo;
        await core.createNode({ body: { metadata: { name: windows, labels } } });
        try {
            const status = { conditions, allocatable, capacity: allocatable, nodeInfo };
            await core.patchNodeStatus({ name: windows, body: [{ op: "add", path: "/status", value: status }] });
            setConfig(folder, { "hopcost:nodeSelector": "pool=bench" });
            const failure = await onlyFailureOf(folder);
            assert.equal(failure?.id, "nodes");
            assert.match(failure?.detail ?? "", /hopcost-node-1 didn't match the node selector \(pool=bench\)/);
            assert.match(failure?.detail ?? "", /hopcost-windows .*(operating system windows|untolerated taint)/);
            assert.match(failure?.remedy ?? "", /hopcost:nodeSelector/);
        } finally {
            await core.deleteNode({ name: windows });
        }
    });

    it("reports which taint keeps Pods off the node", async () => {
        try {
            underAnotherName();
            await patchNode({ taints: [{ key: "example.com/busy", value: "yes", effect: "NoSchedule" }] });
            const failure = await onlyFailureOf(folder);
            assert.equal(
                `${failure?.id}: ${failure?.detail}`,
                `nodes: Placement same-node: 0/1 nodes of context "mine" are available for ${asks}: ${nodeName} had untolerated taint {example.com/busy: yes}`,
            );
            setConfig(folder, { "hopcost:tolerations": "example.com/busy=yes:NoSchedule" });
            const { checks } = await doctorOf(folder);
            const states = ["nodes", "probe"].map((id) => checks.find((it) => it.id === id)?.state);
            assert.deepEqual(states, ["ok", "ok"], JSON.stringify(checks)); // the probe Pod runs there
        } finally {
            await patchNode({});
        }
    });

    it("ends if the API server hangs during the probe, and names what is left and how to delete it", async () => {
        const { processes } = await sandboxStatus();
        const apiServer = processes.find(({ name }) => name === "kube-apiserver")?.pid ?? 0;
        const running = hopcost(folder, "doctor", "--json");
        const left = await probing();
        process.kill(apiServer, "SIGSTOP");
        const { stdout, code } = await running.ended;
        process.kill(apiServer, "SIGCONT");
        assert.equal(code, 0);
        const { checks } = JSON.parse(stdout) as { checks: Check[] };
        const probe = checks.find(({ id }) => id === "probe");
        assert.equal(probe?.state, "warning");
        assert.match(
            probe?.detail ?? "",
            new RegExp(
                `^The probe Pod .* within \\d+ s \\(.*\\); .*namespace ${left} .*\\(it is still being deleted\\)$`,
            ),
        );
        assert.ok(
            probe?.remedy?.endsWith(
                `delete it with: kubectl --kubeconfig ${sandboxKubeconfig} --context ${context} delete namespace ${left}`,
            ),
            probe?.remedy,
        );
        await removeNamespace(left);
    });
});
