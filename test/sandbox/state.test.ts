import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { forgetNode, readState, rememberNode } from "../../sandbox/state.ts";
import { folderPerTest } from "./folder.ts";

describe("the sandbox's saved state of its nodes", () => {
    const folder = folderPerTest();
    const holder = { pid: 7, startTicks: 8, bootId: "b" };
    const path = () => join(folder(), "state.json");
    const [one, two] = [1, 2].map((number) => {
        return { number, family: "dual" as const, holder, enforces: number === 1, complete: true };
    });
    assert.ok(one !== undefined && two !== undefined);

    it("contains each node once, in its last state, the control node first, and leaves no other file", () => {
        rememberNode({ ...two, complete: false }, path());
        rememberNode(one, path());
        assert.deepEqual(readState(path()), [one, { ...two, complete: false }]);
        rememberNode(two, path());
        assert.deepEqual(readState(path()), [one, two]);
        assert.deepEqual(readdirSync(folder()), ["state.json"]);
    });

    it("removes only the given node, even an unknown one", () => {
        for (const node of [one, two]) rememberNode(node, path());
        forgetNode(2, path());
        forgetNode(2, path());
        assert.deepEqual(readState(path()), [one]);
    });

    it("counts a node of an older hopcost, which says nothing about kube-router, as one that runs it", () => {
        const { enforces: _unsaid, ...older } = one;
        writeFileSync(path(), JSON.stringify({ nodes: [older] }));
        assert.deepEqual(readState(path()), [one]);
    });

    it("is empty if the file is missing, truncated or foreign", () => {
        assert.deepEqual(readState(path()), []);
        const damaged = [
            "",
            '{"nodes":[{"number":1',
            JSON.stringify({ nodes: [{ ...one, holder: { pid: "7" } }] }),
            JSON.stringify({ nodes: [one, { holder, complete: true }] }),
            JSON.stringify({ nodes: [{ ...one, family: "ipv5" }] }),
            JSON.stringify({ holder, complete: true }), // the old format with only one node
            "null",
        ];
        for (const content of damaged) {
            writeFileSync(path(), content);
            assert.deepEqual(readState(path()), [], content);
        }
    });

    it("counts a start as incomplete unless the file marks it as complete", () => {
        writeFileSync(path(), JSON.stringify({ nodes: [{ ...one, complete: "yes" }] }));
        assert.deepEqual(readState(path()), [{ ...one, complete: false }]);
    });
});
