import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { forgetNode, readState, rememberNode } from "../../sandbox/state.ts";
import { folderPerTest } from "./folder.ts";

describe("the sandbox's memory of its nodes", () => {
    const folder = folderPerTest();
    const holder = { pid: 7, startTicks: 8, bootId: "b" };
    const path = () => join(folder(), "state.json");
    const [one, two] = [1, 2].map((number) => ({ number, holder, complete: true }));
    assert.ok(one !== undefined && two !== undefined);

    it("holds each node once, as it was last, the control node first, with nothing left beside it", () => {
        rememberNode({ ...two, complete: false }, path());
        rememberNode(one, path());
        assert.deepEqual(readState(path()), [one, { ...two, complete: false }]);
        rememberNode(two, path());
        assert.deepEqual(readState(path()), [one, two]);
        assert.deepEqual(readdirSync(folder()), ["state.json"]);
    });

    it("forgets one node and no other, even one it never knew", () => {
        for (const node of [one, two]) rememberNode(node, path());
        forgetNode(2, path());
        forgetNode(2, path());
        assert.deepEqual(readState(path()), [one]);
    });

    it("is empty where there is no file, or half a file, or another's", () => {
        assert.deepEqual(readState(path()), []);
        const damaged = [
            "",
            '{"nodes":[{"number":1',
            JSON.stringify({ nodes: [{ ...one, holder: { pid: "7" } }] }),
            JSON.stringify({ nodes: [one, { holder, complete: true }] }),
            JSON.stringify({ holder, complete: true }), // as it was when there was one node only
            "null",
        ];
        for (const content of damaged) {
            writeFileSync(path(), content);
            assert.deepEqual(readState(path()), [], content);
        }
    });

    it("takes a start that did not say so as not complete", () => {
        writeFileSync(path(), JSON.stringify({ nodes: [{ number: 1, holder, complete: "yes" }] }));
        assert.deepEqual(readState(path()), [{ ...one, complete: false }]);
    });
});
