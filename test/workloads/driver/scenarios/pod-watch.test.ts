import assert from "node:assert/strict";
import { changesOf, type Pod, viewOf } from "../../../../workloads/driver/scenarios/pod-watch.ts";

/** A Pod of the receiver that runs and is ready. */
function podWith(change: { status?: Pod["status"]; metadata?: Partial<Pod["metadata"]> } = {}): Pod {
    const labels = { "app.kubernetes.io/component": "receiver", "app.kubernetes.io/instance": "hurt-net-1" };
    return {
        metadata: { name: "hurt-net-1-receiver-a", uid: "a", labels, ...change.metadata },
        spec: { nodeName: "one" },
        status: {
            phase: "Running",
            podIP: "10.0.0.9",
            conditions: [{ type: "Ready", status: "True" }],
            containerStatuses: [{ name: "receiver", restartCount: 0, state: { running: {} } }],
            ...change.status,
        },
    };
}
const notReady = podWith({ status: { conditions: [{ type: "Ready", status: "False" }] } });
const restarted = podWith({
    status: {
        containerStatuses: [
            {
                ...{ name: "receiver", restartCount: 1, state: { running: {} } },
                lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } },
            },
        ],
    },
});

describe("a Pod as injections see it", () => {
    it("has the state of the end's container", () => {
        assert.deepEqual(viewOf(podWith(), "receiver"), {
            ...{ name: "hurt-net-1-receiver-a", uid: "a", ip: "10.0.0.9", isReady: true, isEnding: false, restarts: 0 },
            ...{ node: "one", version: "", lastEnd: undefined },
        });
        const { restarts, lastEnd } = viewOf(restarted, "receiver");
        assert.deepEqual([restarts, lastEnd], [1, { reason: "OOMKilled", exitCode: 137 }]);
    });

    it("has the state of a native sidecar, which Kubernetes counts among the init containers", () => {
        const reader = { name: "reader", restartCount: 2, state: { running: {} } };
        const status = { containerStatuses: [], initContainerStatuses: [reader] };
        assert.equal(viewOf(podWith({ status }), "reader").restarts, 2);
        const before = podWith({ status: { ...status, initContainerStatuses: [{ ...reader, restartCount: 1 }] } });
        assert.deepEqual(changesOf(podWith({ status }), before, false), [
            { what: "reader restarted (2)", isReaction: true },
        ]);
    });

    it("is not ready, has no address and no restarts before its status says so", () => {
        const { status: _, spec: __, ...created } = podWith();
        const { ip, node, isReady, restarts } = viewOf(created, "receiver");
        assert.deepEqual([ip, node, isReady, restarts], ["", "", false, 0]);
    });

    it("is ending once it is evicted", () => {
        for (const status of [{ phase: "Failed", reason: "Evicted" }, { phase: "Succeeded" }])
            assert.ok(viewOf(podWith({ status }), "receiver").isEnding);
    });

    it("is ending once it is deleted", () => {
        const deleted = podWith({ metadata: { deletionTimestamp: "2026-11-29T00:00:00Z" } });
        assert.ok(viewOf(deleted, "receiver").isEnding);
    });
});

describe("the changes of a Pod", () => {
    const between = (now: Pod, before: Pod) => changesOf(now, before, false);
    const reaction = (what: string) => [{ what, isReaction: true }];

    it("are what somebody would see, once each", () => {
        assert.deepEqual(changesOf(podWith(), undefined, false), reaction("receiver created"));
        assert.deepEqual(changesOf(podWith(), podWith(), true), reaction("receiver gone"));
        assert.deepEqual(between(notReady, podWith()), reaction("receiver not ready"));
        assert.deepEqual(between(podWith(), notReady), [{ what: "receiver ready", isReaction: false }]);
        assert.deepEqual(between(restarted, podWith()), reaction("receiver restarted (1)"));
        assert.deepEqual(between(podWith(), podWith()), []);
        const evicted = podWith({ status: { phase: "Failed", reason: "Evicted" } });
        assert.deepEqual(between(evicted, podWith()), reaction("receiver evicted"));
        const metadata = { deletionTimestamp: "2026-11-29T00:00:00Z" };
        const ended = podWith({ metadata, status: { phase: "Succeeded" } });
        assert.deepEqual(between(ended, podWith({ metadata })), []);
    });
});
