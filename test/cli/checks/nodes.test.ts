import assert from "node:assert/strict";
import type { V1Node, V1Pod } from "@kubernetes/client-node";
import type { Outcome } from "../../../cli/checks/check.ts";
import { nodesOutcome } from "../../../cli/checks/nodes.ts";
import { configWith, node, outcomesOf, pod } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/nodes");

const together = "sender, receiver, shared-volume (together 1 CPU and 2048Mi of memory)";
const outOf = (count: number, placement = "same-node") =>
    `Placement ${placement}: 0/${count} nodes of context "kind" are available for`;

interface Case {
    name: string;
    values?: Record<string, string>;
    nodes?: V1Node[];
    pods?: V1Pod[];
    state: Outcome["state"];
}

const tainted = { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] };
const cases: Case[] = [
    {
        name: "a node that has room",
        nodes: [node("a")],
        state: "ok",
    },
    {
        name: "a taint that only prefers others",
        nodes: [node("a", { taints: [{ key: "busy", effect: "PreferNoSchedule" }] })],
        state: "ok",
    },
    {
        name: "a cordoned one",
        nodes: [node("a", { unschedulable: true })],
        state: "failure",
    },
    {
        name: "one that is not ready, one with a taint and one of Windows",
        nodes: [node("a", { ready: "False" }), node("b", tainted), node("c", { os: "windows" })],
        state: "failure",
    },
    {
        name: "no node at all",
        nodes: [],
        state: "failure",
    },
    {
        name: "nodes that are full, each in its way",
        nodes: [node("a"), node("b"), node("c", { allocatable: { pods: "2" } })],
        pods: [pod("a", "1500m", "1Gi"), pod("b", "250m", "3Gi")],
        state: "failure",
    },
    {
        name: "Pods of the stack itself, which give way",
        nodes: [node("a")],
        pods: [pod("a", "1500m", "1Gi", "hopcost-test")],
        state: "ok",
    },
    {
        name: "no room left for the driver",
        nodes: [node("a", { allocatable: { cpu: "1050m" } })],
        state: "failure",
    },
    {
        name: "exactly enough",
        nodes: [node("a", { allocatable: { cpu: "1100m", memory: "2560Mi", pods: "4" } })],
        state: "ok",
    },
    {
        name: "cross-node with one node",
        values: { "hopcost:placement": "cross-node" },
        nodes: [node("a")],
        state: "failure",
    },
    {
        name: "cross-node with a second node that is too small for the initiators",
        values: { "hopcost:placement": "cross-node" },
        nodes: [node("a", { allocatable: { cpu: "400m" } }), node("b")],
        state: "ok",
    },
    {
        name: "cross-node with volume arms only, which need no second node",
        values: { "hopcost:placement": "cross-node", "hopcost:arms": "volume/fs-watch" },
        nodes: [node("a")],
        state: "ok",
    },
    {
        name: "any, with Pods that only fit apart",
        values: { "hopcost:placement": "any" },
        nodes: [node("a", { allocatable: { cpu: "600m" } }), node("b", { allocatable: { cpu: "600m" } })],
        state: "ok",
    },
    {
        name: "same-node, with Pods that only fit apart",
        nodes: [node("a", { allocatable: { cpu: "600m" } }), node("b", { allocatable: { cpu: "600m" } })],
        state: "failure",
    },
    {
        name: "a node of two cores for all scenarios, with metrics",
        values: { "hopcost:scenarios": "all", "hopcost:metrics": "true" },
        nodes: [node("a", { allocatable: { cpu: "1900m", memory: "20Gi" } })],
        state: "ok",
    },
    {
        name: "same-node, with Pods of scenarios that only fit on another node",
        values: { "hopcost:scenarios": "scaling" },
        nodes: ["a", "b"].map((name) => node(name, { allocatable: { cpu: "1250m", memory: "12Gi" } })),
        state: "ok",
    },
    {
        name: "one node without room for the Pods of scenarios",
        values: { "hopcost:scenarios": "scaling" },
        nodes: [node("a", { allocatable: { cpu: "1250m", memory: "64Gi" } })],
        state: "failure",
    },
    {
        name: "one node and an arm between two",
        values: { "hopcost:arms": "network/cluster-ip, network/cross-node" },
        nodes: [node("a"), node("b", { unschedulable: true })],
        state: "warning",
    },
    {
        name: "two architectures",
        nodes: [node("a"), node("b", { architecture: "arm64" })],
        state: "warning",
    },
];

describe("nodesOutcome says of", () => {
    for (const { name, values = {}, nodes, pods = [], state } of cases) {
        it(name, () => {
            asOutcome(name, nodesOutcome(configWith(values), { nodes, pods, growing: false }), state);
        });
    }

    it("warns if the user isn't allowed to list nodes", () => {
        asOutcome(
            "nodesOutcome: warns if the user isn't allowed to list nodes",
            nodesOutcome(configWith(), { nodes: undefined, pods: [], growing: false }),
            "warning",
        );
    });

    it("warns if the user isn't allowed to list Pods", () => {
        asOutcome(
            "nodesOutcome: warns if the user isn't allowed to list Pods",
            nodesOutcome(configWith(), { nodes: [node("a")], pods: undefined, growing: false }),
            "warning",
        );
    });

    it("only warns of full nodes if the cluster adds nodes", () => {
        const nodes = [node("a", { allocatable: { cpu: "100m" } })];
        asOutcome(
            "nodesOutcome: only warns of full nodes if the cluster adds nodes",
            nodesOutcome(configWith(), { nodes, pods: [], growing: true }),
            "warning",
        );
    });

    it("counts init containers as Kubernetes does", () => {
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
