import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutInotify } from "../../support/inotify.ts";

/** What watching a folder ends with, where a limit of inotify is 0. */
const script = (kind: string, folder: string) => `
const { watchFolder } = await import(${JSON.stringify(join(import.meta.dirname, "../../../workloads/volume/watch-folder.ts"))});
try {
    const watched = await watchFolder("${kind}", "${folder}", () => {}, () => {});
    await watched.close();
    console.log("{}");
} catch ({ name, message }) {
    console.log(JSON.stringify({ name, message }));
}`;

describe("watchFolder", function () {
    this.timeout(30_000);
    let folder = "";
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-watch-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const kind of ["chokidar", "fs-watch"]) {
        for (const [limit, code] of [
            ["max_inotify_instances", "EMFILE"],
            ["max_inotify_watches", "ENOSPC"],
        ] as const) {
            it(`says that ${limit} is reached: ${kind}`, () => {
                const node = [process.execPath, "--input-type=module", "-e", script(kind, folder)];
                const output = withoutInotify(limit, node);
                const { name, message } = JSON.parse(output);
                assert.equal(name, "WatchLimit", output);
                const sysctl = `fs.inotify.${limit.replace("inotify", "user")}`;
                assert.ok(message.includes(`(${code})`) && message.includes(`sysctl -w ${sysctl}=`), message);
            });
        }

        it(`watches where nothing is at its limit: ${kind}`, () => {
            const args = ["--input-type=module", "-e", script(kind, folder)];
            assert.equal(execFileSync(process.execPath, args, { encoding: "utf8" }).trim(), "{}");
        });
    }
});
