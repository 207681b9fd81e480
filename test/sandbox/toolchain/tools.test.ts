import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { saysNothing } from "../../../sandbox/say.ts";
import type { GoBuild } from "../../../sandbox/toolchain/go-build.ts";
import type { Release } from "../../../sandbox/toolchain/releases.ts";
import { findTool, getTools, type Tool, toolFolder } from "../../../sandbox/toolchain/tools.ts";
import { textsOf } from "../../support/texts.ts";
import { cachePerTest } from "../folder.ts";
import { standInPerTest } from "./stand-in.ts";

const asText = textsOf("sandbox/toolchain/tools");

describe("getting tools", () => {
    const cache = cachePerTest();
    const server = standInPerTest();
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    /** Without the test's own folder, port and times. */
    const shown = (text: string) =>
        text
            .replaceAll(cache(), "CACHE")
            .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
            .replaceAll(/(?<=[ (])\d+s\b/g, "0s");

    const build = (name: string): GoBuild => ({
        name,
        title: `the built ${name}`,
        module: "../../../test/sandbox/toolchain/small",
        sources: ["main.go"],
        package: ".",
        binary: name,
        aliases: [],
        stamps: { "main.name": name },
        minutes: 2,
    });
    const release = (name: string): Release => ({
        name,
        title: `the released ${name}`,
        parts: () => [{ url: `https://dl.k8s.io/v1/${name}`, sums: `https://dl.k8s.io/v1/${name}.sha256` }],
    });
    const [one, two] = ["one", "two"].map((name): Tool => ({ release: release(name), build: build(name) }));
    assert.ok(one?.release !== undefined && two?.release !== undefined);
    const onlyBuilt: Tool = { build: build("three"), without: "nothing counts to three" };
    const publish = (...releases: Release[]) => {
        for (const it of releases) server().publish(it, (name) => `#!/bin/sh\necho released ${name}\n`);
    };
    const answerOf = async (tool: Tool) =>
        execFileSync(join((await findTool(tool)) ?? "nowhere", tool.build.binary))
            .toString()
            .trim();

    let path: string | undefined;
    beforeEach(() => {
        path = process.env.PATH;
        said.length = 0;
    });
    afterEach(() => {
        process.env.PATH = path;
    });
    /** From here on the PATH has a Go that writes programs, which say so; or none. */
    const withGo = (there: boolean) => {
        const bin = join(cache(), "bin");
        mkdirSync(bin, { recursive: true });
        const go = `#!/bin/sh
case "$1" in
env) echo go1.26.8 ;;
build) while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\\necho built\\n' >"$2"; chmod +x "$2" ;;
esac
`;
        // Not their folders, in which there may be a real Go.
        for (const command of ["tar", "gzip", "chmod", "sh"]) {
            const file = execFileSync("sh", ["-c", `command -v ${command}`], { env: { PATH: path } })
                .toString()
                .trim();
            writeFileSync(join(bin, command), `#!/bin/sh\nexec ${file} "$@"\n`, { mode: 0o755 });
        }
        if (there) writeFileSync(join(bin, "go"), go, { mode: 0o755 });
        process.env.PATH = bin;
    };

    it("takes the released programs, and needs no Go", async () => {
        publish(one.release ?? assert.fail(), two.release ?? assert.fail());
        withGo(false);
        await getTools([one, two], say);
        assert.deepEqual([await answerOf(one), await answerOf(two)], ["released one", "released two"]);
        assert.deepEqual(said.map(shown), ["downloading the released one and 1 more: 0 of 0 MB (0s)"]);
    });

    it("builds what can't be downloaded, and says what and why", async () => {
        publish(two.release ?? assert.fail());
        withGo(true);
        await getTools([one, two], say);
        assert.deepEqual([await answerOf(one), await answerOf(two)], ["built", "released two"]);
        assert.match(
            said[1] ?? "",
            /building the built one from Go modules.*about 2 minutes.*the released one can't be downloaded: .* 404;/,
        );
        asText("one is built", shown(said[1] ?? ""));
        assert.match(said[2] ?? "", /^building the built one from Go modules: 0s/);
    });

    it("gives one reason for all that have the same, and says nothing twice", async () => {
        server().stop();
        withGo(true);
        await getTools([one, two], say);
        assert.deepEqual([await answerOf(one), await answerOf(two)], ["built", "built"]);
        asText("both are built", shown(said[1] ?? ""));
    });

    it("prefers what is in the cache: then nothing is asked and nothing is said", async () => {
        withGo(true);
        await getTools([one], saysNothing);
        publish(one.release ?? assert.fail());
        const { length } = server().requests;
        await getTools([one], say);
        assert.equal(await answerOf(one), "built");
        assert.equal(server().requests.length, length);
        assert.deepEqual(said, []);
    });

    it("builds everything if HOPCOST_RELEASES is none, even what was downloaded before", async () => {
        publish(one.release ?? assert.fail());
        withGo(true);
        await getTools([one], saysNothing);
        process.env.HOPCOST_RELEASES = "none";
        await getTools([one], say);
        assert.equal(await answerOf(one), "built");
        assert.match(said.join("\n"), /the released one can't be downloaded: HOPCOST_RELEASES is none;/);
    });

    it("reports what can neither be downloaded nor built, with both reasons", async () => {
        withGo(false);
        await assert.rejects(toolFolder(one, saysNothing), ({ name, message }: Error) => {
            assert.equal(name, "SandboxError");
            assert.match(message, /can't be downloaded: .* 404; .*no Go on the PATH; install Go/);
            asText("neither", shown(message));
            return true;
        });
    });

    it("leaves out what isn't needed and can't be built, and says what that means", async () => {
        withGo(false);
        await getTools([{ ...one, without: "nothing is one" }, onlyBuilt], say);
        assert.equal(await findTool(onlyBuilt), undefined);
        asText("left out", said.slice(1).map(shown));
        withGo(true);
        await getTools([onlyBuilt], saysNothing);
        assert.equal(await answerOf(onlyBuilt), "built");
    });

    it("builds once what two tools are parts of", async () => {
        withGo(true);
        await getTools([one, { ...two, build: one.build }], say);
        assert.equal(said.filter((line) => /^building the built one from Go modules: 0s/.test(line)).length, 1);
        assert.deepEqual(readdirSync(join(cache(), "hopcost")).filter((name) => name.startsWith("one-")).length, 1);
    });
});
