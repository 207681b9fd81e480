import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { saysNothing } from "../../../sandbox/say.ts";
import { providerVersion, pulumiVersion } from "../../../sandbox/toolchain/go-builds.ts";
import { cachedPulumi, installedPulumi, isFit, pulumiOnPath } from "../../../sandbox/toolchain/pulumi-command.ts";
import { ensureProvider, hasProvider } from "../../../sandbox/toolchain/pulumi-provider.ts";
import { environmentFor, missingPulumiTools } from "../../../sandbox/toolchain/pulumi-tools.ts";
import { findReleased } from "../../../sandbox/toolchain/released-programs.ts";
import { providerRelease, pulumiRelease } from "../../../sandbox/toolchain/releases.ts";
import { provider, pulumi } from "../../../sandbox/toolchain/tools.ts";
import { cachePerTest } from "../folder.ts";
import { standInPerTest } from "./stand-in.ts";

describe("the Pulumi tools", () => {
    const folder = cachePerTest();
    const server = standInPerTest();

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

    describe("a Pulumi of our own", () => {
        const before = { ...process.env };
        afterEach(() => {
            process.env.PATH = before.PATH;
            if (before.PULUMI_HOME === undefined) delete process.env.PULUMI_HOME;
            else process.env.PULUMI_HOME = before.PULUMI_HOME;
        });

        it("is the released one, with its language hosts in the folder that the Automation API requires", async () => {
            const script = `#!/bin/sh\necho v${pulumiVersion}\n`;
            server().publish(pulumiRelease, () => script);
            process.env.PATH = "/usr/bin:/bin";
            assert.deepEqual(await missingPulumiTools(), [pulumi, provider]);
            const found = await installedPulumi(saysNothing);
            const command = join(findReleased(pulumiRelease) ?? "nowhere", "bin/pulumi");
            assert.deepEqual(found, { command, version: pulumiVersion, source: "official" });
            assert.deepEqual(await cachedPulumi(), found);
            assert.deepEqual(await missingPulumiTools(), [provider]);
        });

        it("is not needed beside a fit one on the PATH; only the provider is, unless its home has it", async () => {
            process.env.PATH = dirname(program("bin/pulumi", "echo v3.260.0"));
            process.env.PULUMI_HOME = join(folder(), "pulumi-home");
            assert.deepEqual(await missingPulumiTools(), [provider]);
            program(`pulumi-home/plugins/resource-kubernetes-v${providerVersion}/pulumi-resource-kubernetes`, "");
            assert.deepEqual(await missingPulumiTools(), []);
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

        /** A Pulumi that writes down its calls and "installs" an empty provider. */
        const installing = (version: string) => {
            const calls = join(folder(), "calls");
            const into = join(home(), "plugins", `resource-kubernetes-v${version}`);
            const script = `echo "$PULUMI_HOME $@" >>${calls}; mkdir -p ${into}; touch ${into}/pulumi-resource-kubernetes`;
            return { pulumi: program("bin/pulumi", script), calls: () => readFileSync(calls, "utf8") };
        };

        it("is the released one in the pinned version, installed once from its file", async () => {
            server().publish(providerRelease, () => "the provider");
            const { pulumi, calls } = installing(providerVersion);
            const env = { PULUMI_HOME: home() };
            await ensureProvider(pulumi, env, home(), saysNothing, providerVersion);
            await ensureProvider(pulumi, env, home(), saysNothing, providerVersion);
            const file = join(findReleased(providerRelease) ?? "nowhere", "pulumi-resource-kubernetes");
            assert.equal(readFileSync(file, "utf8"), "the provider");
            const args = `plugin install resource kubernetes ${providerVersion} --file ${file} --reinstall`;
            assert.equal(calls(), `${home()} ${args}\n`);
        });

        it("is downloaded once by the engine in other versions", async () => {
            const { pulumi, calls } = installing("4.99.0");
            const env = { PULUMI_HOME: home() };
            await ensureProvider(pulumi, env, home(), saysNothing, "4.99.0");
            await ensureProvider(pulumi, env, home(), saysNothing, "4.99.0");
            assert.equal(calls(), `${home()} plugin install resource kubernetes 4.99.0\n`);
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
