import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runIds } from "../../../cli/saved/run-ids.ts";

describe("run ids", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-names-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("are those of the runs, the newest first, without a folder that holds none", () => {
        for (const name of ["20261121-063200-3fa2", "20261122-063200-aaaa", "notes"]) mkdirSync(join(folder, name));
        for (const name of ["20261121-063200-3fa2", "20261122-063200-aaaa"])
            writeFileSync(join(folder, name, "plan.json"), "{}");
        assert.deepEqual(runIds(folder), ["20261122-063200-aaaa", "20261121-063200-3fa2"]);
    });

    it("are none where nothing was saved yet", () => assert.deepEqual(runIds(join(folder, "results")), []));
});
