import assert from "node:assert/strict";
import { expectedPrograms, missingPrograms, type NodeObject, whyUnschedulable } from "../../sandbox/health.ts";

describe("the health of the sandbox", () => {
    const ready: NodeObject = {
        metadata: { name: "n" },
        spec: {},
        status: { conditions: [{ type: "Ready", status: "True" }] },
    };

    it("misses the programs that do not run, and only those", () => {
        const all = expectedPrograms.map((program, index) => ({ pid: index + 1, program }));
        assert.deepEqual(missingPrograms(all), []);
        assert.deepEqual(missingPrograms([]), [...expectedPrograms]);
        const without = all.filter(({ program }) => program !== "etcd" && program !== "kubelet");
        assert.deepEqual(missingPrograms(without).sort(), ["etcd", "kubelet"]);
    });

    it("takes a node for fit when it is Ready and a Pod may run on it", () => {
        assert.equal(whyUnschedulable(ready), undefined);
        const preferred = { ...ready, spec: { taints: [{ key: "full", effect: "PreferNoSchedule" }] } };
        assert.equal(whyUnschedulable(preferred), undefined);
    });

    it("says why a node takes no Pods", () => {
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
