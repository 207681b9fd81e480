import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { statusText, upText } from "../../../cli/commands/sandbox.ts";
import { projectRoot } from "../../../cli/project.ts";
import type { SandboxStatus } from "../../../sandbox/cluster/cluster.ts";

const up: SandboxStatus = {
    state: "up",
    reason: undefined,
    nodes: ["hopcost-node-1", "hopcost-node-2"],
    ipFamily: "ipv4",
    enforcesNetworkPolicies: true,
    processes: [
        { node: "hopcost-node-1", name: "etcd", pid: 41, alive: true },
        { node: "hopcost-node-2", name: "kubelet", pid: 42, alive: true },
    ],
    ready: true,
    versions: { kubernetes: "1.36.4" },
    kubeconfig: "/var/lib/hopcost/sandbox/kubeconfig.yaml",
    memoryBytes: 1_200 * 2 ** 20,
};

describe("statusText", () => {
    it("shows version, nodes, memory, processes and usage of a running sandbox", () => {
        assert.equal(
            statusText(up),
            [
                "The sandbox is up: Kubernetes 1.36.4, 2 nodes (IPv4), 1200 MiB of memory.",
                "  hopcost-node-1  etcd                     pid 41",
                "  hopcost-node-2  kubelet                  pid 42",
                "Use it with: kubectl --kubeconfig /var/lib/hopcost/sandbox/kubeconfig.yaml get pods -A",
            ].join("\n"),
        );
    });

    it("says nothing of memory that could not be counted", () => {
        const text = statusText({ ...up, nodes: ["hopcost-node-1"], ipFamily: "ipv6", memoryBytes: undefined });
        assert.match(text, /^The sandbox is up: Kubernetes 1\.36\.4, 1 node \(IPv6\)\.$/m);
    });

    it("says that NetworkPolicies are not enforced, if kube-router could not be built", () => {
        assert.doesNotMatch(statusText(up), /NetworkPolicies/);
        const text = statusText({ ...up, enforcesNetworkPolicies: false });
        assert.match(text, /\nNetworkPolicies are not enforced: .*Go/);
    });

    it("says why it is broken and what to do", () => {
        assert.equal(
            statusText({ ...up, state: "broken", reason: "etcd on hopcost-node-1 not running" }),
            "The sandbox is broken (etcd on hopcost-node-1 not running). Repair it with: hopcost sandbox up",
        );
    });
});

describe("upText", () => {
    const use = "Use it with: kubectl --kubeconfig /var/lib/hopcost/sandbox/kubeconfig.yaml get pods -A";

    const two = { nodes: 2, family: "ipv4" as const };

    it("shows how many nodes there are and how to use them", () => {
        assert.equal(
            upText({ nodes: 1, family: "dual" }, {}),
            `The sandbox is up with 1 node (IPv4 and IPv6).\n${use}`,
        );
        assert.equal(upText(two, { nodes: 2, family: "ipv4" }), `The sandbox is up with 2 nodes (IPv4).\n${use}`);
        assert.equal(upText(two, {}), `The sandbox is up with 2 nodes (IPv4).\n${use}`);
    });

    it("says in one sentence that a running sandbox keeps more nodes, or other addresses, than were wanted", () => {
        assert.equal(
            upText(two, { nodes: 1 }),
            `The sandbox is up with 2 nodes (IPv4) and stays as it is. For 1 node, first stop it with: hopcost sandbox down\n${use}`,
        );
        assert.equal(
            upText(two, { nodes: 1, family: "ipv6" }),
            `The sandbox is up with 2 nodes (IPv4) and stays as it is. For 1 node and IPv6, first stop it with: hopcost sandbox down\n${use}`,
        );
    });
});

describe("hopcost sandbox up --nodes", () => {
    for (const count of ["3", "0", "x", "1.0", ""]) {
        it(`refuses "${count}" with 2, saying what is allowed, before anything is started`, () => {
            const command = [join(projectRoot, "cli", "hopcost.mjs"), "sandbox", "up", "--nodes", count];
            const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
            assert.equal(status, 2);
            assert.equal(stdout, "");
            assert.equal(
                stderr,
                `error: option '--nodes <count>' argument '${count}' is invalid. Allowed choices are 1, 2.\n(see hopcost --help)\n`,
            );
        });
    }
});
