import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runIds, stackNames } from "../../../cli/saved/saved-names.ts";

describe("names of what is saved", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-names-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("are those of the stack files, not of the project's own", () => {
        for (const name of ["Pulumi.yaml", "Pulumi.eks.yaml", "Pulumi.dev.yaml", "Pulumi.dev.yaml.bak"])
            writeFileSync(join(folder, name), "");
        assert.deepEqual(stackNames(folder), ["dev", "eks"]);
    });

    it("are those of the runs, the newest first, without a folder that holds none", () => {
        for (const name of ["20261121-063200-3fa2", "20261122-063200-aaaa", "notes"]) mkdirSync(join(folder, name));
        for (const name of ["20261121-063200-3fa2", "20261122-063200-aaaa"])
            writeFileSync(join(folder, name, "plan.json"), "{}");
        assert.deepEqual(runIds(folder), ["20261122-063200-aaaa", "20261121-063200-3fa2"]);
    });

    it("are none where nothing was saved yet", () => assert.deepEqual(runIds(join(folder, "results")), []));
});
