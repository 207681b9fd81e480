import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saysNothing } from "../../../sandbox/say.ts";
import { policyAnalyzerFolder } from "../../../sandbox/toolchain/policy-analyzer.ts";

describe("the program that runs a policy pack for an engine without language hosts", () => {
    const cache = mkdtempSync(join(tmpdir(), "hopcost-cache-"));
    const before = process.env.XDG_CACHE_HOME;
    after(() => {
        if (before === undefined) delete process.env.XDG_CACHE_HOME;
        else process.env.XDG_CACHE_HOME = before;
        rmSync(cache, { recursive: true });
    });

    it("has the name that the engine looks for, and starts Pulumi's own runner", async () => {
        process.env.XDG_CACHE_HOME = cache;
        const folder = await policyAnalyzerFolder(saysNothing);
        assert.deepEqual(readdirSync(folder), ["pulumi-analyzer-policy-nodejs"]);
        const { status, stderr } = spawnSync(join(folder, "pulumi-analyzer-policy-nodejs"), [], { encoding: "utf8" });
        assert.deepEqual([status, stderr], [255, "usage: RUN <engine-address> <program>\n"]);
    });

    it("is created once", async () => {
        process.env.XDG_CACHE_HOME = cache;
        assert.equal(await policyAnalyzerFolder(saysNothing), await policyAnalyzerFolder(saysNothing));
        assert.equal(
            readdirSync(join(cache, "hopcost")).filter((name) => name.startsWith("policy-analyzer-")).length,
            1,
        );
    });
});
