import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { librariesOf, writeDockerArchive } from "../../sandbox/images.ts";
import { folderPerTest } from "./folder.ts";

describe("container images", () => {
    const folder = folderPerTest();

    it("are archives in which every digest is that of what it names", async () => {
        const path = join(folder(), "images.tar");
        await writeDockerArchive(path, [
            {
                reference: "hopcost.local/a:1",
                files: [{ kind: "file", name: "a", content: "A" }],
                config: { Cmd: ["/a"] },
            },
            {
                reference: "hopcost.local/b:1",
                files: [{ kind: "file", name: "b", content: "B" }],
                config: { User: "1000:1000" },
            },
        ]);
        assert.deepEqual(readdirSync(folder()), ["images.tar"]);
        const member = (name: string) =>
            execFileSync("tar", ["-xOf", path, name], { stdio: ["ignore", "pipe", "pipe"] });
        const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
        const manifest = JSON.parse(member("manifest.json").toString());
        assert.deepEqual(
            manifest.map((image: { RepoTags: string[] }) => image.RepoTags),
            [["hopcost.local/a:1"], ["hopcost.local/b:1"]],
        );
        for (const { Config, Layers } of manifest) {
            const config = member(Config);
            assert.equal(Config, `${sha256(config)}.json`);
            assert.equal(Layers.length, 1);
            assert.deepEqual(JSON.parse(config.toString()).rootfs.diff_ids, [`sha256:${sha256(member(Layers[0]))}`]);
        }
        assert.deepEqual(JSON.parse(member(manifest[1].Config).toString()).config, { User: "1000:1000" });
    });

    it("hold the libraries that ldd names, the loader included and the kernel's own not", () => {
        const output = [
            "\tlinux-vdso.so.1 (0x00007fcc9b430000)",
            "\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007fcc9b41a000)",
            "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fcc9af17000)",
            "\t/lib64/ld-linux-x86-64.so.2 (0x00007fcc9b432000)",
        ].join("\n");
        assert.deepEqual(librariesOf(output), [
            "/lib/x86_64-linux-gnu/libdl.so.2",
            "/lib/x86_64-linux-gnu/libc.so.6",
            "/lib64/ld-linux-x86-64.so.2",
        ]);
        assert.deepEqual(librariesOf("\tstatically linked"), []);
    });
});
