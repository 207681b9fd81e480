import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readState, writeState } from "../../sandbox/state.ts";
import { folderPerTest } from "./folder.ts";

describe("the sandbox's memory of itself", () => {
    const folder = folderPerTest();
    const holder = { pid: 7, startTicks: 8, bootId: "b" };
    const path = () => join(folder(), "state.json");

    it("is read back as it was written, with nothing left beside it", () => {
        writeState({ holder, complete: false }, path());
        assert.deepEqual(readState(path()), { holder, complete: false });
        writeState({ holder, complete: true }, path());
        assert.deepEqual(readState(path()), { holder, complete: true });
        assert.deepEqual(readdirSync(folder()), ["state.json"]);
    });

    it("is nothing where there is no file, or half a file, or another's", () => {
        assert.equal(readState(path()), undefined);
        for (const content of ["", '{"holder":{"pid":7', '{"holder":{"pid":"7"},"complete":true}', "null"]) {
            writeFileSync(path(), content);
            assert.equal(readState(path()), undefined, content);
        }
    });

    it("takes a start that did not say so as not complete", () => {
        writeFileSync(path(), JSON.stringify({ holder, complete: "yes" }));
        assert.deepEqual(readState(path()), { holder, complete: false });
    });
});
