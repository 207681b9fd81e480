import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { servingPod } from "../../../cli/cluster/pod-port.ts";

/** A Pod created that many seconds ago; ready by default. */
function pod(name: string, age: number, { ready = "True", deleted = false, waiting = "" } = {}): V1Pod {
    const now = Date.parse("2026-11-21T10:00:00Z");
    return {
        metadata: {
            name,
            creationTimestamp: new Date(now - 1000 * age),
            ...(deleted ? { deletionTimestamp: new Date(now) } : {}),
        },
        status: {
            phase: waiting === "" ? "Running" : "Pending",
            conditions: [
                { type: "PodScheduled", status: "True" },
                { type: "Ready", status: ready },
            ],
            containerStatuses: [
                {
                    ...{ name: "prometheus", image: "i", imageID: "", ready: ready === "True", restartCount: 0 },
                    state: waiting === "" ? { running: {} } : { waiting: { reason: waiting } },
                },
            ],
        },
    };
}

describe("servingPod", () => {
    it("is the newest that is ready", () => {
        const starting = pod("c", 1, { ready: "False" });
        assert.deepEqual(servingPod([pod("a", 60), pod("b", 5), starting]), { pod: "b" });
        assert.deepEqual(servingPod([starting, pod("b", 5), pod("a", 60)]), { pod: "b" });
    });

    it("is none that is being deleted, though it still says that it is ready", () => {
        assert.deepEqual(servingPod([pod("a", 60), pod("b", 5, { deleted: true })]), { pod: "a" });
        assert.deepEqual(servingPod([pod("b", 5, { deleted: true })]), { trouble: "its Pod is being deleted" });
    });

    it("says what is wrong with the newest if none is ready", () => {
        const pulling = pod("b", 5, { ready: "False", waiting: "ImagePullBackOff" });
        assert.deepEqual(servingPod([pod("a", 60, { ready: "False" }), pulling]), {
            trouble: "Pod b is not ready (Pending, ImagePullBackOff)",
        });
        assert.deepEqual(servingPod([pod("a", 60, { ready: "False" })]), { trouble: "Pod a is not ready (Running)" });
        assert.deepEqual(servingPod([{ metadata: { name: "new" } }]), { trouble: "Pod new is not ready (unknown)" });
    });

    it("is undefined if there is no Pod", () => {
        assert.equal(servingPod([]), undefined);
    });
});
