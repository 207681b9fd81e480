import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackNames } from "../../../cli/stack/stack-names.ts";

describe("stack names", () => {
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
});
