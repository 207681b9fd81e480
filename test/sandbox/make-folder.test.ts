import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../sandbox/make-folder.ts";

describe("makeFolder", () => {
    it("makes what is missing, with the given mode, and leaves what is there", () => {
        const top = mkdtempSync(join(tmpdir(), "hopcost-folders-"));
        try {
            makeFolder(join(top, "a", "b"), 0o700);
            assert.equal(statSync(join(top, "a")).mode & 0o777, 0o700);
            makeFolder(join(top, "a", "b"), 0o755);
            assert.equal(statSync(join(top, "a", "b")).mode & 0o777, 0o700);
        } finally {
            rmSync(top, { recursive: true });
        }
    });

    it("ends where none can be made", () => {
        assert.throws(() => makeFolder("/proc/nowhere/deep/down"), { code: "ENOENT" });
        assert.ok(!existsSync("/proc/nowhere"));
    });
});
