import assert from "node:assert/strict";
import { statusText } from "../../cli/sandbox.ts";
import type { SandboxStatus } from "../../sandbox/cluster.ts";

const up: SandboxStatus = {
    state: "up",
    reason: undefined,
    processes: [{ name: "etcd", pid: 41, alive: true }],
    ready: true,
    versions: { kubernetes: "1.36.4" },
    kubeconfig: "/var/lib/hopcost/sandbox/kubeconfig.yaml",
    memoryBytes: 1_200 * 2 ** 20,
};

describe("statusText", () => {
    it("tells version, memory, processes and how to use a sandbox that is up", () => {
        assert.equal(
            statusText(up),
            [
                "The sandbox is up: Kubernetes 1.36.4, 1200 MiB of memory.",
                "  etcd                     pid 41",
                "Use it with: kubectl --kubeconfig /var/lib/hopcost/sandbox/kubeconfig.yaml get pods -A",
            ].join("\n"),
        );
    });

    it("says nothing of memory that could not be counted", () => {
        assert.match(statusText({ ...up, memoryBytes: undefined }), /^The sandbox is up: Kubernetes 1\.36\.4\.$/m);
    });

    it("says why it is broken and what to do", () => {
        assert.equal(
            statusText({ ...up, state: "broken", reason: "etcd not running" }),
            "The sandbox is broken (etcd not running). Start it afresh with: hopcost sandbox up",
        );
    });
});
