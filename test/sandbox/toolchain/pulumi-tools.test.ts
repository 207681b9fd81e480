import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { saysNothing } from "../../../sandbox/say.ts";
import { providerVersion } from "../../../sandbox/toolchain/go-builds.ts";
import { isFit, pulumiOnPath } from "../../../sandbox/toolchain/pulumi-command.ts";
import { ensureProvider, hasProvider } from "../../../sandbox/toolchain/pulumi-provider.ts";
import { environmentFor } from "../../../sandbox/toolchain/pulumi-tools.ts";
import { cachePerTest } from "../folder.ts";

describe("the Pulumi tools", () => {
    const folder = cachePerTest();

    /** A program at `path` below the test's folder that runs a shell script. */
    function program(path: string, script: string): string {
        const file = join(folder(), path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `#!/bin/sh\n${script}\n`);
        chmodSync(file, 0o755);
        return file;
    }

    describe("the user's Pulumi", () => {
        it("is used from 3.200.0 up to the next major version", () => {
            for (const version of ["3.200.0", "v3.259.0", "3.300.1-alpha.4"]) assert.ok(isFit(version), version);
            for (const version of ["3.199.9", "2.25.0", "4.0.0", "", "pulumi"]) assert.ok(!isFit(version), version);
        });

        it("is the first on the PATH", async () => {
            const command = program("one/bin/pulumi", "echo v3.259.0");
            program("two/bin/pulumi", "echo v3.260.0");
            const path = `/nowhere::${folder()}/one/bin:${folder()}/two/bin`;
            assert.deepEqual(await pulumiOnPath(path), { command, version: "3.259.0", source: "path" });
        });

        it("is not used if it is too old, even if a newer one comes later on the PATH", async () => {
            program("one/bin/pulumi", "echo v3.100.0");
            program("two/bin/pulumi", "echo v3.260.0");
            assert.equal(await pulumiOnPath(`${folder()}/one/bin:${folder()}/two/bin`), undefined);
        });

        it("is skipped if it doesn't start", async () => {
            program("one/bin/pulumi", "exit 1");
            const command = program("two/bin/pulumi", "echo v3.260.0");
            const found = await pulumiOnPath(`${folder()}/one/bin:${folder()}/two/bin`);
            assert.equal(found?.command, command);
        });

        it("gets a path that the Automation API accepts if it is a shim elsewhere", async () => {
            const shim = program("shims/pulumi", "echo v3.259.0");
            const found = await pulumiOnPath(join(folder(), "shims"));
            assert.match(found?.command ?? "", /\/bin\/pulumi$/);
            assert.equal(realpathSync(found?.command ?? ""), shim);
            assert.deepEqual(await pulumiOnPath(join(folder(), "shims")), found);
        });
    });

    describe("the environment of a Pulumi", () => {
        const cli = { command: "/x/bin/pulumi", version: "3.259.0" };
        const theirs = () => join(folder(), "home");
        const own = () => ({ PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: join(folder(), "hopcost/pulumi-home") });
        const env = () => ({ XDG_CACHE_HOME: folder() });

        it("has the user's home for the user's Pulumi", () => {
            const theirOwn = environmentFor({ ...cli, source: "path" }, env(), theirs());
            assert.deepEqual(theirOwn, { PULUMI_SKIP_UPDATE_CHECK: "true" });
        });

        it("has a home in the cache for ours, so that the user's is unchanged", () => {
            for (const source of ["official", "built"] as const) {
                assert.deepEqual(environmentFor({ ...cli, source }, env(), theirs()), own());
            }
        });

        it("keeps the user's login for ours", () => {
            const login = join(theirs(), ".pulumi");
            mkdirSync(login, { recursive: true });
            writeFileSync(join(login, "credentials.json"), "{}");
            const ours = { ...cli, source: "built" } as const;
            assert.deepEqual(environmentFor(ours, env(), theirs()), { ...own(), PULUMI_CREDENTIALS_PATH: login });
            assert.deepEqual(environmentFor(ours, { ...env(), PULUMI_HOME: login }, "/nowhere"), {
                ...own(),
                PULUMI_CREDENTIALS_PATH: login,
            });
            assert.deepEqual(environmentFor(ours, { ...env(), PULUMI_CREDENTIALS_PATH: "/kept" }, theirs()), {
                ...own(),
                PULUMI_CREDENTIALS_PATH: "/kept",
            });
        });
    });

    describe("the Kubernetes provider", () => {
        const home = () => join(folder(), "pulumi-home");
        const plugin = () => join(home(), "plugins", `resource-kubernetes-v${providerVersion}`);

        it("is installed if its program exists, unless the engine marked it as incomplete", () => {
            assert.equal(hasProvider(home()), false);
            program(`pulumi-home/plugins/resource-kubernetes-v${providerVersion}/pulumi-resource-kubernetes`, "");
            assert.equal(hasProvider(home()), true);
            writeFileSync(`${plugin()}.partial`, "");
            assert.equal(hasProvider(home()), false);
        });

        it("is downloaded once by the engine, in the right version", async () => {
            const calls = join(folder(), "calls");
            const pulumi = program(
                "bin/pulumi",
                `echo "$PULUMI_HOME $@" >>${calls}; mkdir -p ${plugin()}; touch ${plugin()}/pulumi-resource-kubernetes`,
            );
            const env = { PULUMI_HOME: home() };
            await ensureProvider(pulumi, env, home(), saysNothing);
            await ensureProvider(pulumi, env, home(), saysNothing);
            assert.equal(
                readFileSync(calls, "utf8"),
                `${home()} plugin install resource kubernetes ${providerVersion}\n`,
            );
        });

        it("is not built in another version than the pinned one: then the npm package to install is named", async () => {
            const pulumi = program("bin/pulumi", "echo 'no such host' >&2; exit 1");
            const made = ensureProvider(pulumi, { PULUMI_HOME: home() }, home(), saysNothing, "4.99.0");
            await assert.rejects(made, (error: Error) => {
                assert.equal(error.name, "SandboxError");
                assert.ok(error.message.includes("4.99.0") && error.message.includes(`kubernetes@${providerVersion}`));
                return true;
            });
        });
    });
});
