import assert from "node:assert/strict";
import { sandboxOutcome } from "../../../cli/checks/sandbox.ts";

describe("sandboxOutcome", () => {
    const nothing = { reason: undefined, nodes: [], versions: { kubernetes: "1.36.4" } };

    it("takes one that is down or broken for what a run mends", () => {
        const remedy = "hopcost run does it itself, or: hopcost sandbox up";
        assert.deepEqual(sandboxOutcome({ ...nothing, state: "down" }), {
            state: "warning",
            detail: "It is down; a run starts it (the first time it is built, about fifteen minutes)",
            remedy,
        });
        assert.deepEqual(sandboxOutcome({ ...nothing, state: "broken", reason: "etcd not running" }), {
            state: "warning",
            detail: "It is broken (etcd not running); a run mends it or starts it afresh",
            remedy,
        });
    });

    it("says what one is that is up, and what it lacks", () => {
        assert.deepEqual(sandboxOutcome({ ...nothing, state: "up", nodes: ["a", "b"] }), {
            state: "ok",
            detail: "it is up: Kubernetes 1.36.4, nodes a, b; nothing in it enforces NetworkPolicies",
        });
    });
});
