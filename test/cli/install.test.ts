import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installIsStale } from "../../cli/install.mjs";

describe("installIsStale", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-install-"));
        writeFileSync(join(folder, "package-lock.json"), "{}");
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    function installedAt(seconds: number): void {
        mkdirSync(join(folder, "node_modules"));
        const record = join(folder, "node_modules", ".package-lock.json");
        writeFileSync(record, "{}");
        utimesSync(record, seconds, seconds);
    }

    it("is so without node_modules", () => assert.equal(installIsStale(folder), true));

    it("is so where an install was broken off before npm wrote its record", () => {
        mkdirSync(join(folder, "node_modules"));
        assert.equal(installIsStale(folder), true);
    });

    it("is so where the lock file is newer", () => {
        installedAt(1000);
        utimesSync(join(folder, "package-lock.json"), 2000, 2000);
        assert.equal(installIsStale(folder), true);
    });

    it("is not so after an install", () => {
        installedAt(3000);
        utimesSync(join(folder, "package-lock.json"), 2000, 2000);
        assert.equal(installIsStale(folder), false);
    });

    it("is not so where node_modules is a link: npm ci would empty what it leads to", () => {
        mkdirSync(join(folder, "of-another-checkout"));
        symlinkSync("of-another-checkout", join(folder, "node_modules"));
        assert.equal(installIsStale(folder), false);
    });
});
