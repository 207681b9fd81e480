import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new folder for every test of the enclosing `describe`; removed afterwards. */
export function folderPerTest(): () => string {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-sandbox-test-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));
    return () => folder;
}

/** Like {@link folderPerTest}, and the cache of each test is in that folder. */
export function cachePerTest(): () => string {
    const folder = folderPerTest();
    let before: string | undefined;
    beforeEach(() => {
        before = process.env.XDG_CACHE_HOME;
        process.env.XDG_CACHE_HOME = folder();
    });
    afterEach(() => {
        if (before === undefined) delete process.env.XDG_CACHE_HOME;
        else process.env.XDG_CACHE_HOME = before;
    });
    return folder;
}
