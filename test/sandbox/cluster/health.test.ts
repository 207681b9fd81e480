import assert from "node:assert/strict";
import {
    expectedPrograms,
    matchPrograms,
    missingText,
    type NodeObject,
    programsOn,
    whyUnschedulable,
} from "../../../sandbox/cluster/health.ts";
import { describeNode } from "../../../sandbox/layout.ts";

describe("the health of the sandbox", () => {
    const ready: NodeObject = {
        metadata: { name: "n" },
        spec: {},
        status: { conditions: [{ type: "Ready", status: "True" }] },
    };

    const ended = { pid: process.pid, startTicks: -1, bootId: "another boot" };
    const [one, two] = [1, 2].map((number) => ({ description: describeNode(number), holder: ended, enforces: true }));
    assert.ok(one !== undefined && two !== undefined);
    const running = (node: typeof one) =>
        expectedPrograms(node).map((program, index) => ({ pid: 10 + index, program }));

    it("expects the control plane on the first node only", () => {
        assert.deepEqual(expectedPrograms(two), ["catatonit", "containerd", "kubelet", "kube-proxy", "kube-router"]);
        const added = expectedPrograms(one).filter((name) => !expectedPrograms(two).includes(name));
        assert.deepEqual(added, ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]);
    });

    it("doesn't expect kube-router on a node that was started without it", () => {
        const without = expectedPrograms({ ...two, enforces: false });
        assert.deepEqual(
            without,
            expectedPrograms(two).filter((name) => name !== "kube-router"),
        );
    });

    it("reports nothing missing if all programs run", () => {
        const processes = [{ pid: 9, program: "containerd-shim-runc-v2" }, ...running(two)];
        const programs = matchPrograms(two, processes);
        assert.equal(missingText(programs), undefined);
        assert.deepEqual(
            programs.map(({ pid }) => pid),
            [10, 11, 12, 13, 14],
        );
    });

    it("lists the programs that aren't running, each with its node", () => {
        const programs = [one, two].flatMap((node) =>
            matchPrograms(
                node,
                running(node).filter(({ program }) => program !== "kubelet" && program !== "etcd"),
            ),
        );
        assert.equal(
            missingText(programs),
            "kubelet on hopcost-node-1, etcd on hopcost-node-1, kubelet on hopcost-node-2 not running",
        );
    });

    it("counts no process for a node whose first process has ended", () => {
        assert.deepEqual(
            programsOn([two]).map(({ pid }) => pid),
            [undefined, undefined, undefined, undefined, undefined],
        );
    });

    it("accepts a node that is Ready and can run Pods", () => {
        assert.equal(whyUnschedulable(ready), undefined);
        const preferred = { ...ready, spec: { taints: [{ key: "full", effect: "PreferNoSchedule" }] } };
        assert.equal(whyUnschedulable(preferred), undefined);
    });

    it("reports why a node can't run Pods", () => {
        const condition = { type: "Ready", status: "False", message: "no network plugin" };
        assert.equal(
            whyUnschedulable({ ...ready, status: { conditions: [condition] } }),
            "is not Ready: no network plugin",
        );
        assert.equal(whyUnschedulable({ ...ready, status: {} }), "is not Ready: it has not reported yet");
        const tainted = { ...ready, spec: { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] } };
        assert.equal(whyUnschedulable(tainted), "has the taint node.kubernetes.io/not-ready");
    });
});
