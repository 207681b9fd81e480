import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { projectRoot } from "../../cli/project.ts";
import packageJson from "../../package.json" with { type: "json" };
import { pluginSchema } from "../../packaging/plugin-schema.ts";
import pluginPackage from "../../plugin/package.json" with { type: "json" };
import { provider } from "../../plugin/provider.ts";
import { goBuild } from "../../sandbox/toolchain/go-build.ts";
import { sdkGeneratorBuild } from "../../sandbox/toolchain/go-builds.ts";
import { buildMs } from "../support/build-limit.ts";
import { ensureInstalled } from "../support/debian.ts";
import { assertGeneratedSchema } from "../support/generated.ts";

const schemaFile = join(projectRoot, "plugin", "schema.json");

/** A resource whose output is unknown in a preview. */
class Unknown extends pulumi.CustomResource {
    declare readonly endpoints: pulumi.Output<unknown>;

    constructor() {
        super("test:index:Unknown", "one", { endpoints: undefined });
    }
}

describe("the plugin for other languages", () => {
    it("has the schema of the components' types", () => {
        assertGeneratedSchema(schemaFile, pluginSchema(), "test/package/plugin.test.ts");
    });

    it("takes values that may become known later as inputs, and what decides on the children as plain values", () => {
        const { resources, types } = JSON.parse(provider.schema ?? "");
        const { inputProperties, requiredInputs } = resources["hopcost:index:NetworkPair"];
        assert.deepEqual(requiredInputs, ["image", "namespace"]);
        assert.deepEqual([inputProperties.image.plain, inputProperties.placement.plain], [undefined, true]);
        const names = types["hopcost:index:Placement"].enum.map(({ name }: { name: string }) => name);
        assert.deepEqual(names, ["SameNode", "CrossNode", "Any"]);
        const { network } = resources["hopcost:index:BenchmarkJob"].inputProperties;
        const { endpoints } = resources["hopcost:index:NetworkPair"].properties;
        assert.deepEqual([network.$ref, network.plain], [endpoints.$ref, undefined]);
    });

    it("has a schema that Pulumi accepts, with SDKs for Go and Python that compile", async function () {
        this.timeout(buildMs);
        const folder = mkdtempSync(join(tmpdir(), "hopcost-sdks-"));
        try {
            await execa(join(await goBuild(sdkGeneratorBuild, () => {}), "pulumi-sdks"), [schemaFile, folder]);
            await ensureInstalled("/usr/bin/python3", "python3");
            await execa("/usr/bin/python3", ["-m", "compileall", "-q", join(folder, "python")]);
            const go = join(folder, "go");
            // As the generator's own modules, so that nothing else is downloaded.
            const modules = join(projectRoot, "sandbox", "toolchain", "go", "pulumi-sdks");
            copyFileSync(join(modules, "go.sum"), join(go, "go.sum"));
            const text = readFileSync(join(modules, "go.mod"), "utf8");
            writeFileSync(join(go, "go.mod"), text.replace(/^module .*$/m, "module example.com/pulumi-hopcost/sdk/go"));
            await execa("go", ["build", "-trimpath", "./..."], { cwd: go, env: { GOFLAGS: "-mod=readonly" } });
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("needs the package of its own version", () => {
        assert.deepEqual(pluginPackage.dependencies, { hopcost: packageJson.version });
        assert.equal(provider.version, packageJson.version);
    });

    it("names the components it has, if asked for another", async () => {
        const asked = provider.construct?.("it", "hopcost:index:Moon", {}, {});
        await assert.rejects(
            asked ?? Promise.resolve(),
            /no component hopcost:index:Moon; .*hopcost:index:NetworkPair/,
        );
    });

    it("shows only a BenchmarkJob itself while its topologies are unknown", async () => {
        const made: string[] = [];
        await pulumi.runtime.setMocks(
            {
                newResource: ({ type, name, inputs }) => {
                    made.push(type);
                    return { id: name, state: inputs };
                },
                call: () => ({}),
            },
            "project",
            "stack",
            true,
        );
        const { endpoints: network } = new Unknown();
        await provider.construct?.("run", "hopcost:index:BenchmarkJob", { namespace: "bench", network }, {});
        await provider.construct?.("net", "hopcost:index:NetworkPair", { namespace: "bench", image: "node:24" }, {});
        await new Promise((resolve) => setTimeout(resolve, 100));
        assert.equal(made.filter((type) => type === "hopcost:index:BenchmarkJob").length, 1);
        assert.ok(!made.includes("kubernetes:batch/v1:Job"), made.join());
        assert.ok(made.includes("kubernetes:apps/v1:Deployment"), made.join());
    });
});
