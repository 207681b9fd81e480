import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { saysNothing } from "../../../sandbox/say.ts";
import { type GoBuild, goBuild, linkerFlags, refuseOldGo, sourceName } from "../../../sandbox/toolchain/go-build.ts";
import * as builds from "../../../sandbox/toolchain/go-builds.ts";
import { textsOf } from "../../support/texts.ts";
import { cachePerTest, folderPerTest } from "../folder.ts";

const asText = textsOf("sandbox/toolchain/go-build");

const modules = join(import.meta.dirname, "../../../sandbox/toolchain/go");
const small: GoBuild = {
    name: "small-1",
    title: "the small program",
    module: "../../../test/sandbox/toolchain/small",
    sources: ["main.go"],
    package: ".",
    binary: "small",
    aliases: ["small-too"],
    stamps: { "main.a": "1", "main.b": "2" },
    minutes: 0.1,
};

describe("the name of a build in the cache", () => {
    const folder = folderPerTest();
    const sources = { "go.mod": "module a\n", "go.sum": "sum\n", "main.go": "package main\n" };
    beforeEach(() => {
        for (const [file, text] of Object.entries(sources)) writeFileSync(join(folder(), file), text);
    });

    it("is the same for the same sources in another folder", () => {
        const other = join(folder(), "other");
        mkdirSync(other);
        for (const [file, text] of Object.entries(sources)) writeFileSync(join(other, file), text);
        assert.equal(sourceName(small, other), sourceName(small, folder()));
        assert.match(sourceName(small, folder()), /^small-1-[0-9a-f]{12}$/);
    });

    for (const file of Object.keys(sources)) {
        it(`changes with ${file}`, () => {
            const name = sourceName(small, folder());
            writeFileSync(join(folder(), file), "// changed\n");
            assert.notEqual(sourceName(small, folder()), name);
        });
    }

    it("changes with every setting of a build", () => {
        const name = sourceName(small, folder());
        const changes: Partial<GoBuild>[] = [
            { package: "./other" },
            { stamps: { ...small.stamps, "main.b": "3" } },
            { binary: "other" },
            { aliases: [] },
            { embeds: { module: "m", files: ["f"] } },
        ];
        const names = changes.map((change) => sourceName({ ...small, ...change }, folder()));
        assert.equal(new Set([name, ...names]).size, changes.length + 1);
    });
});

describe("a build", () => {
    it("stamps its versions in a fixed order", () => {
        const flags = "-s -w -X main.a=1 -X main.b=2";
        assert.equal(linkerFlags(small), flags);
        assert.equal(linkerFlags({ ...small, stamps: { "main.b": "2", "main.a": "1" } }), flags);
    });

    it("is refused with a Go that is too old; the error names the one needed", () => {
        for (const version of ["go1.25.9", "go1.4", "go0.99"]) {
            assert.throws(
                () => refuseOldGo(version, "Pulumi 3.259.0"),
                ({ name, message }: Error) => {
                    assert.equal(name, "SandboxError");
                    assert.match(message, new RegExp(`^Pulumi 3\\.259\\.0 .*Go 1\\.26 or newer.* ${version};`));
                    asText(version, message);
                    return true;
                },
            );
        }
        for (const version of ["go1.26", "go1.26.8", "go1.30rc1", "go2.0.1"]) refuseOldGo(version, "it");
    });

    for (const build of Object.values(builds).filter((value): value is GoBuild => typeof value === "object")) {
        it(`of ${build.title} finds its pinned sources in the checkout`, () => {
            for (const file of ["go.mod", "go.sum", ...build.sources]) {
                assert.ok(existsSync(join(modules, build.module, file)), `${build.module}/${file}`);
            }
        });
    }

    it("of Pulumi's tools has the versions of the npm packages, which must agree", () => {
        const { dependencies } = JSON.parse(readFileSync(join(modules, "../../../package.json"), "utf8"));
        assert.equal(dependencies["@pulumi/pulumi"], builds.pulumiVersion);
        assert.equal(dependencies["@pulumi/kubernetes"], builds.providerVersion);
    });
});

describe("building a program", function () {
    this.timeout(120_000); // on a machine busy with other builds
    const cache = cachePerTest();
    let path: string | undefined;
    beforeEach(() => {
        path = process.env.PATH;
    });
    afterEach(() => {
        process.env.PATH = path;
    });
    /** From here on the tests' PATH contains only these programs. */
    const onlyGo = (script: string | undefined) => {
        const bin = join(cache(), "bin");
        mkdirSync(bin);
        if (script !== undefined) writeFileSync(join(bin, "go"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        process.env.PATH = bin;
    };

    it("creates a program with its other names, and needs no Go the second time", async () => {
        const said: string[] = [];
        const folder = await goBuild(small, (line) => said.push(line));
        const log = join(cache(), "hopcost/logs/small-1.log");
        assert.equal(said[0], `building the small program from Go modules: 0s (first run only, ~0.1 min; log ${log})`);
        assert.deepEqual(readdirSync(folder).sort(), ["small", "small-too"]);
        assert.ok(lstatSync(join(folder, "small-too")).isSymbolicLink());
        assert.match(execFileSync("file", ["-b", join(folder, "small")]).toString(), /statically linked/);
        onlyGo(undefined);
        assert.equal(await goBuild(small, saysNothing), folder);
    });

    it("reports that Go is missing", async () => {
        onlyGo(undefined);
        await assert.rejects(goBuild(small, saysNothing), ({ name, message }: Error) => {
            assert.equal(name, "SandboxError");
            assert.match(message, /^the small program .*Go on the PATH; .*Go 1\.26 or newer/);
            asText("no Go", message);
            return true;
        });
    });

    it("names the log if it fails, keeps Go's output in it, and leaves no partial build", async () => {
        onlyGo('[ "$1" = env ] && { echo go1.26.8; exit; }; echo "no required module provides package x" >&2; exit 1');
        const root = join(cache(), "hopcost");
        const log = join(root, "logs/small-1.log");
        await assert.rejects(goBuild(small, saysNothing), ({ name, message }: Error) => {
            assert.equal(name, "SandboxError");
            assert.ok(message.includes(log), message);
            assert.match(message, /^the small program could not be built; .*\(go env GOPROXY\)/);
            asText("a failed build", message.replaceAll(root, "CACHE"));
            return true;
        });
        assert.equal(readFileSync(log, "utf8"), "no required module provides package x\n");
        assert.deepEqual(readdirSync(root), ["logs"]);
    });
});
