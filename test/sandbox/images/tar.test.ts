import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TarEntry, tarHeader, writeTar } from "../../../sandbox/images/tar.ts";
import { folderPerTest } from "../folder.ts";

describe("our tar archives", () => {
    const folder = folderPerTest();
    const pack = async (entries: TarEntry[]) => {
        const path = join(folder(), "a.tar");
        await writeTar(path, entries);
        return path;
    };
    const listing = (path: string) =>
        execFileSync("tar", ["--numeric-owner", "-tvf", path], { env: { ...process.env, TZ: "UTC" } })
            .toString()
            .trim()
            .split("\n");

    it("are read by the system's tar: names, kinds, modes, owners, sizes", async () => {
        const path = await pack([
            { kind: "folder", name: "tmp", mode: 0o1777 },
            { kind: "folder", name: "home/node", owner: 1000 },
            { kind: "file", name: "home/node/a", content: "four", owner: 1000, mode: 0o600 },
            { kind: "link", name: "bin/sh", target: "dash" },
        ]);
        assert.deepEqual(listing(path), [
            "drwxrwxrwt 0/0               0 1970-01-01 00:00 tmp/",
            "drwxr-xr-x 1000/1000         0 1970-01-01 00:00 home/node/",
            "-rw------- 1000/1000         4 1970-01-01 00:00 home/node/a",
            "lrwxrwxrwx 0/0               0 1970-01-01 00:00 bin/sh -> dash",
        ]);
    });

    it("contain every byte, whatever the size is modulo the block size of 512", async () => {
        const sizes = [0, 1, 511, 512, 513, 3_000_000];
        const contents = sizes.map((size) => randomBytes(size));
        const entries = contents.map((content, index): TarEntry => {
            const name = `f${index}`;
            if (index % 2 === 0) return { kind: "file", name, content };
            writeFileSync(join(folder(), name), content);
            return { kind: "file", name, from: join(folder(), name), mode: 0o755 };
        });
        entries.push({ kind: "link", name: "l", target: "f0" });
        const out = join(folder(), "out");
        mkdirSync(out);
        execFileSync("tar", ["-xf", await pack(entries), "-C", out]);
        for (const [index, content] of contents.entries()) {
            assert.ok(readFileSync(join(out, `f${index}`)).equals(content), `${sizes[index]} bytes`);
        }
        assert.equal(lstatSync(join(out, "f1")).mode & 0o777, 0o755);
        assert.equal(readlinkSync(join(out, "l")), "f0");
    });

    it("are the same for the same content, so that image digests are", async () => {
        const entries: TarEntry[] = [{ kind: "file", name: "a", content: "x" }];
        const first = readFileSync(await pack(entries));
        assert.ok(readFileSync(await pack(entries)).equals(first));
    });

    it("refuse a name too long for a header", () => {
        const name = "n".repeat(101);
        assert.throws(() => tarHeader({ kind: "file", name, content: "" }, 0), {
            name: "RangeError",
            message: `"${name}" is longer than the 100 bytes a tar header holds`,
        });
    });
});
