import assert from "node:assert/strict";
import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { nodesOutcome } from "../../../cli/checks/nodes.ts";
import { configWith, node, pod } from "./fixtures.ts";

const together = "sender, receiver, shared-volume (together 1 CPU and 2048Mi of memory)";
const uncordon = "let it take Pods again: kubectl --context kind uncordon a";
const look = "use another cluster, add a node, or look at them with: kubectl --context kind describe nodes";
const lower = "stop what else runs there, lower hopcost:cpuRequest or hopcost:memory, or add a node";
const apart = "add a node, or set hopcost:placement to same-node or any";
const outOf = (count: number, placement = "same-node") =>
    `Placement ${placement}: 0/${count} nodes of context "kind" are available for`;

interface Case {
    name: string;
    values?: Record<string, string>;
    nodes?: V1Node[];
    pods?: V1Pod[];
    state: string;
    detail: string;
    remedy?: string;
}

const tainted = { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] };
const cases: Case[] = [
    {
        name: "a node that has room",
        nodes: [node("a")],
        state: "ok",
        detail: "1 of 1 can take Pods; there is room for same-node (1.1 CPU and 2560Mi of memory in all)",
    },
    {
        name: "a taint that only prefers others",
        nodes: [node("a", { taints: [{ key: "busy", effect: "PreferNoSchedule" }] })],
        state: "ok",
        detail: "1 of 1 can take Pods; there is room for same-node (1.1 CPU and 2560Mi of memory in all)",
    },
    {
        name: "a cordoned one",
        nodes: [node("a", { unschedulable: true })],
        state: "failure",
        detail: `${outOf(1)} ${together}: a was unschedulable`,
        remedy: uncordon,
    },
    {
        name: "one that is not ready, one with a taint and one of Windows",
        nodes: [node("a", { ready: "False" }), node("b", tainted), node("c", { os: "windows" })],
        state: "failure",
        detail: `${outOf(3)} ${together}: a was not ready (kubelet stopped posting node status); b had untolerated taint {node-role.kubernetes.io/control-plane: }; c has the operating system windows`,
        remedy: look,
    },
    {
        name: "no node at all",
        nodes: [],
        state: "failure",
        detail: `${outOf(0)} ${together}: there is no node`,
        remedy: look,
    },
    {
        name: "nodes that are full, each in its way",
        nodes: [node("a"), node("b"), node("c", { allocatable: { pods: "2" } })],
        pods: [pod("a", "1500m", "1Gi"), pod("b", "250m", "3Gi")],
        state: "failure",
        detail: `${outOf(3)} ${together}: a Insufficient cpu (0.5 free); b Insufficient memory (1024Mi free); c Too many pods`,
        remedy: lower,
    },
    {
        name: "Pods of the stack itself, which give way",
        nodes: [node("a")],
        pods: [pod("a", "1500m", "1Gi", "hopcost-test")],
        state: "ok",
        detail: "1 of 1 can take Pods; there is room for same-node (1.1 CPU and 2560Mi of memory in all)",
    },
    {
        name: "no room left for the driver",
        nodes: [node("a", { allocatable: { cpu: "1050m" } })],
        state: "failure",
        detail: `${outOf(1)} driver (0.1 CPU and 512Mi of memory): a Insufficient cpu (0.05 free)`,
        remedy: lower,
    },
    {
        name: "exactly enough",
        nodes: [node("a", { allocatable: { cpu: "1100m", memory: "2560Mi", pods: "4" } })],
        state: "ok",
        detail: "1 of 1 can take Pods; there is room for same-node (1.1 CPU and 2560Mi of memory in all)",
    },
    {
        name: "cross-node with one node",
        values: { "hopcost:placement": "cross-node" },
        nodes: [node("a")],
        state: "failure",
        detail: `${outOf(1, "cross-node")} receiver (0.25 CPU and 512Mi of memory, on another node than the initiators): a didn't match pod anti-affinity rules`,
        remedy: apart,
    },
    {
        name: "cross-node with a second node that is too small for the initiators",
        values: { "hopcost:placement": "cross-node" },
        nodes: [node("a", { allocatable: { cpu: "400m" } }), node("b")],
        state: "ok",
        detail: "2 of 2 can take Pods; there is room for cross-node (1.1 CPU and 2560Mi of memory in all)",
    },
    {
        name: "cross-node of volume arms alone, which need no second",
        values: { "hopcost:placement": "cross-node", "hopcost:arms": "volume/fs-watch" },
        nodes: [node("a")],
        state: "ok",
        detail: "1 of 1 can take Pods; there is room for cross-node (0.6 CPU and 1536Mi of memory in all)",
    },
    {
        name: "any, with Pods that only fit apart",
        values: { "hopcost:placement": "any" },
        nodes: [node("a", { allocatable: { cpu: "600m" } }), node("b", { allocatable: { cpu: "600m" } })],
        state: "ok",
        detail: "2 of 2 can take Pods; there is room for any (1.1 CPU and 2560Mi of memory in all)",
    },
    {
        name: "same-node, with Pods that only fit apart",
        nodes: [node("a", { allocatable: { cpu: "600m" } }), node("b", { allocatable: { cpu: "600m" } })],
        state: "failure",
        detail: `${outOf(2)} ${together}: a Insufficient cpu (0.6 free); b Insufficient cpu (0.6 free)`,
        remedy: lower,
    },
    {
        name: "one node and an arm between two",
        values: { "hopcost:arms": "network/cluster-ip, network/cross-node" },
        nodes: [node("a"), node("b", { unschedulable: true })],
        state: "warning",
        detail: "network/cross-node will be unavailable: 0/2 nodes are available for the receiver on another node: a didn't match pod anti-affinity rules; b was unschedulable",
        remedy: "add a node, or leave network/cross-node out of hopcost:arms",
    },
    {
        name: "two architectures",
        nodes: [node("a"), node("b", { architecture: "arm64" })],
        state: "warning",
        detail: "The nodes that can take the Pods are of several architectures (amd64, arm64)",
        remedy: "make sure that docker.io/library/node:24.21.0-bookworm-slim is there for each of them, or cordon those of the other",
    },
];

describe("nodesOutcome says of", () => {
    for (const { name, values = {}, nodes, pods = [], ...expected } of cases) {
        it(name, () => {
            assert.deepEqual(nodesOutcome(configWith(values), { nodes, pods, growing: false }), expected);
        });
    }

    it("nodes that may not be listed that it can't tell", () => {
        assert.deepEqual(nodesOutcome(configWith(), { nodes: undefined, pods: [], growing: false }), {
            state: "warning",
            detail: 'Whether the nodes of context "kind" can take the Pods can\'t be told: you may not list nodes',
            remedy: "ask for that right; a run finds out within two minutes",
        });
    });

    it("Pods that may not be listed that it can't tell what they take", () => {
        assert.deepEqual(nodesOutcome(configWith(), { nodes: [node("a")], pods: undefined, growing: false }), {
            state: "warning",
            detail: "The nodes are large enough, but what runs on them already can't be told: you may not list pods in all namespaces",
            remedy: "ask for that right; a run finds out within two minutes",
        });
    });

    it("nodes that are full in a cluster that adds some: only a warning", () => {
        const nodes = [node("a", { allocatable: { cpu: "100m" } })];
        assert.deepEqual(nodesOutcome(configWith(), { nodes, pods: [], growing: true }), {
            state: "warning",
            detail: `${outOf(1)} ${together}: a Insufficient cpu (0.1 free)`,
            remedy: "the cluster adds nodes by itself: if that takes longer than 90 s, start the run again",
        });
    });

    it("Pods with init containers what Kubernetes counts", () => {
        const container = (cpu: string, restartPolicy?: string) => {
            return { name: cpu, resources: { requests: { cpu } }, ...(restartPolicy && { restartPolicy }) };
        };
        for (const [alone, beside, free] of [
            ["1500m", "200m", "0.45"],
            ["200m", "1500m", "0.35"],
        ] as const) {
            const busy = pod("a", "100m", "1Gi");
            const initContainers = [container(alone), container(beside, "Always")];
            busy.spec = { ...(busy.spec ?? { containers: [] }), initContainers, overhead: { cpu: "50m" } };
            const { detail } = nodesOutcome(configWith(), { nodes: [node("a")], pods: [busy], growing: false });
            assert.equal(detail, `${outOf(1)} ${together}: a Insufficient cpu (${free} free)`);
        }
    });
});
