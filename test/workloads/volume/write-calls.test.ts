import assert from "node:assert/strict";
import fs, { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { fileArms } from "../../../workloads/volume/file-arms.ts";
import { scratchFolder } from "../support/rig.ts";

/** The calls made, in order, while the real ones still happen. */
async function callsOf(work: () => Promise<void>): Promise<string[]> {
    const calls: string[] = [];
    const names = ["openSync", "writeSync", "fsyncSync", "closeSync", "renameSync"] as const;
    const originals = names.map((name) => fs[name]);
    for (const [index, name] of names.entries()) {
        const original = originals[index] as (...args: unknown[]) => unknown;
        Object.assign(fs, {
            [name]: (...args: unknown[]) => {
                calls.push(name);
                return original(...args);
            },
        });
    }
    syncBuiltinESMExports();
    try {
        await work();
    } finally {
        for (const [index, name] of names.entries()) Object.assign(fs, { [name]: originals[index] });
        syncBuiltinESMExports();
    }
    return calls;
}

describe("write calls", () => {
    const bytes = Buffer.alloc(100_000, 7);
    let folder: string;
    before(() => {
        folder = scratchFolder();
    });
    after(() => rmSync(folder, { recursive: true }));

    /** @returns the file */
    const put = async (arm: keyof typeof fileArms, moments?: Float64Array) => {
        const files = mkdtempSync(join(folder, "put-"));
        const [tmp, ready] = [join(files, "tmp"), join(files, "ready")];
        await new Promise<void>((resolve, reject) => {
            fileArms[arm].put(tmp, ready, bytes, reject, moments);
            const look = () => (fs.existsSync(ready) ? resolve() : setTimeout(look, 1));
            look();
        });
        return ready;
    };

    for (const arm of Object.keys(fileArms) as (keyof typeof fileArms)[]) {
        const synced = arm === "volume/disk-fsync";
        it(`${arm}: ${synced ? "the file is on the disk before it gets its name" : "the disk is not waited for"}`, async () => {
            let file = "";
            const calls = await callsOf(async () => {
                file = await put(arm);
            });
            assert.ok(readFileSync(file).equals(bytes));
            const promised = arm === "volume/chokidar" || arm === "volume/fs-watch-async";
            const expected = ["openSync", "writeSync", ...(synced ? ["fsyncSync"] : []), "closeSync", "renameSync"];
            assert.deepEqual(calls, promised ? [] : expected);
        });
        it(`${arm}: records when it has written and renamed, if moments are set`, async () => {
            const moments = new Float64Array(4);
            const before = performance.now() * 1e6;
            await put(arm, moments);
            while (moments[1] === 0) await new Promise((resolve) => setImmediate(resolve));
            const [written, renamed] = moments as unknown as [number, number];
            assert.ok(before < written && written <= renamed && renamed <= performance.now() * 1e6);
        });
    }

    it("call back with the error", async () => {
        for (const arm of ["volume/fs-watch", "volume/chokidar"] as const) {
            const error = await new Promise<Error>((resolve) => {
                fileArms[arm].put(join(folder, "none", "tmp"), join(folder, "x"), Buffer.alloc(1), resolve, undefined);
            });
            assert.match(error.message, /^ENOENT: no such file or directory, open /);
        }
    });
});
