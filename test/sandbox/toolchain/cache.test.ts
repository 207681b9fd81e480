import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { saysNothing } from "../../../sandbox/say.ts";
import { cached, cacheRoot, findCached, keyOf } from "../../../sandbox/toolchain/cache.ts";
import { cachePerTest } from "../folder.ts";

describe("the cache's key", () => {
    const parts = ["go.mod", "go.sum", "flags"];
    const same = keyOf(parts);

    it("is the same for the same parts, as text or bytes", () => {
        assert.equal(keyOf([...parts]), same);
        assert.equal(keyOf(parts.map((part) => Buffer.from(part))), same);
        assert.match(same, /^[0-9a-f]{12}$/);
    });
    for (const [index, part] of parts.entries()) {
        it(`changes with ${part}`, () => assert.notEqual(keyOf(parts.with(index, `${part} `)), same));
    }
    it("changes with the order, the number and the borders of the parts", () => {
        assert.notEqual(keyOf(["go.sum", "go.mod", "flags"]), same);
        assert.notEqual(keyOf([...parts, ""]), same);
        assert.notEqual(keyOf(["go.modgo.sum", "", "flags"]), same);
    });
});

describe("the cache's folder", () => {
    it("is in XDG_CACHE_HOME, if that is an absolute path", () => {
        assert.equal(cacheRoot({ XDG_CACHE_HOME: "/somewhere" }), "/somewhere/hopcost");
    });
    it("is in the home folder otherwise", () => {
        const home = join(homedir(), ".cache/hopcost");
        assert.equal(cacheRoot({}), home);
        assert.equal(cacheRoot({ XDG_CACHE_HOME: "" }), home);
        assert.equal(cacheRoot({ XDG_CACHE_HOME: "relative" }), home);
    });
});

describe("a cache that can't be written", () => {
    it("is named, with the variable that chooses another, and never waited for", async () => {
        const usual = process.env.XDG_CACHE_HOME;
        process.env.XDG_CACHE_HOME = "/proc/nowhere";
        try {
            const making = cached({ name: "thing-1", what: "making a thing", make: async () => {} }, saysNothing);
            await assert.rejects(making, /^SandboxError: \/proc\/nowhere\/hopcost .*XDG_CACHE_HOME/);
        } finally {
            if (usual === undefined) delete process.env.XDG_CACHE_HOME;
            else process.env.XDG_CACHE_HOME = usual;
        }
    });
});

describe("a cache entry", () => {
    const folder = cachePerTest();
    const entry = (make: (folder: string) => Promise<void>) => ({ name: "thing-1", what: "making a thing", make });
    const writes = (text: string) => async (into: string) => writeFileSync(join(into, "thing"), text);

    it("is created once and found from then on", async () => {
        assert.equal(findCached("thing-1"), undefined);
        const made = await cached(entry(writes("first")), saysNothing);
        assert.equal(made, join(folder(), "hopcost/thing-1"));
        assert.equal(await cached(entry(writes("second")), saysNothing), made);
        assert.equal(readFileSync(join(made, "thing"), "utf8"), "first");
        assert.equal(findCached("thing-1"), made);
    });

    it("is created by one of two concurrent callers, while the other waits and reports for which process", async () => {
        let makers = 0;
        const slowly = entry(async (into) => {
            makers += 1;
            await new Promise((resolve) => setTimeout(resolve, 300));
            writeFileSync(join(into, "thing"), "whole");
        });
        const said: string[] = [];
        const [one, two] = await Promise.all([cached(slowly, saysNothing), cached(slowly, (line) => said.push(line))]);
        assert.equal(one, two);
        assert.equal(makers, 1);
        const lock = join(folder(), "hopcost/thing-1.lock");
        assert.deepEqual(said, [`waiting for process ${process.pid}, which is making a thing: 0s (lock ${lock})`]);
        assert.ok(!existsSync(lock));
    });

    it("is never visible while incomplete, and a failed attempt doesn't block the next", async () => {
        const breaks = entry(async (into) => {
            writeFileSync(join(into, "thing"), "hal");
            assert.equal(findCached("thing-1"), undefined);
            throw new Error("no space left");
        });
        await assert.rejects(cached(breaks, saysNothing), { message: "no space left" });
        assert.equal(findCached("thing-1"), undefined);
        await cached(entry(writes("whole")), saysNothing);
        assert.deepEqual(readdirSync(join(folder(), "hopcost")), ["thing-1"]);
    });

    it("removes only its own draft that a killed process left", async () => {
        const root = join(folder(), "hopcost");
        for (const draft of ["thing-1.draft-1", "thing-11.draft-1"]) mkdirSync(join(root, draft), { recursive: true });
        await cached(entry(writes("whole")), saysNothing);
        assert.deepEqual(readdirSync(root).sort(), ["thing-1", "thing-11.draft-1"]);
    });
});
