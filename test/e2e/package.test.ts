import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../cli/project.ts";
import { parseResults } from "../../model/parse.ts";
import { sandboxKubeconfig, sandboxNodeImage, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { languageHostFolder, pulumiTools, yamlHostFolder } from "../../sandbox/toolchain/pulumi-tools.ts";
import { createRestrictedNamespace } from "../sandbox/restricted-pod.ts";
import { buildMs } from "../support/build-limit.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { InstalledPackage } from "../support/installed-package.ts";
import { namespaces, newestRun, removeNamespace, sandboxClients, shortRun } from "./support.ts";

const namespace = "hopcost-package";
const ofProgram = "hopcost-package-program";
const small = { ...shortRun, "hopcost:rounds": 1 };

/** Both topologies at two sizes. */
const overrides = {
    cells: ["network/cluster-ip", "volume/chokidar"].map((arm) => ({ arm, mode: "closed-loop", sizes: [64, 65536] })),
    ...{ rounds: 1, warmupSeconds: 0.2, cellSeconds: 0.2 },
};

/** A program outside the checkout that measures them. */
const program = `
import { BenchmarkJob, NetworkPair, SharedVolumePod, WorkloadCode } from "hopcost";

export default async function program() {
    const where = { namespace: "${ofProgram}", image: "${sandboxNodeImage}", cpuRequest: "${shortRun["hopcost:cpuRequest"]}" };
    const code = new WorkloadCode("code", { namespace: where.namespace }).configMapName;
    const network = new NetworkPair("net", { ...where, code }).endpoints;
    const volume = new SharedVolumePod("vol", { ...where, code }).endpoints;
    const overrides = ${JSON.stringify(overrides)};
    const run = new BenchmarkJob("run", { namespace: where.namespace, network, volume, code, overrides });
    return { results: run.results, summary: run.summary };
}
`;

/** A resource of a stack. */
interface Deployed {
    type: string;
    name: string;
    inputs: object;
}

describe("the installed package on the sandbox", function () {
    this.timeout(buildMs);
    let installation: InstalledPackage;
    let checkout = "";
    before(async () => {
        await sandboxUp(() => {});
        installation = await InstalledPackage.make();
        checkout = checkoutWith({ ...small, "hopcost:namespace": `${namespace}-checkout` });
        // As npm ci makes it: esbuild names the parts of the code by their real paths, and those of a linked folder are elsewhere.
        const modules = join(checkout, "node_modules");
        rmSync(modules);
        await execa("cp", ["--archive", realpathSync(join(projectRoot, "node_modules")), modules]);
    });
    after(async () => {
        for (const name of [namespace, `${namespace}-checkout`, ofProgram]) await removeNamespace(name);
        removeCheckout(checkout);
        installation.remove();
    });

    it("measures in any folder, with the same code as a checkout: their runs are compared", async () => {
        const [folder, data] = ["mine", "data-home"].map((name) => join(installation.scratch, name)) as [
            string,
            string,
        ];
        mkdirSync(folder);
        const dev = parse(readFileSync(join(projectRoot, "Pulumi.dev.yaml"), "utf8"));
        const config = { ...dev.config, ...small, "hopcost:namespace": namespace };
        writeFileSync(join(folder, "Pulumi.dev.yaml"), stringify({ ...dev, config }));
        // One after the other: beside those of other tests the node has no room for two.
        const ours = await installation.hopcost(folder, ["run"], { XDG_DATA_HOME: data }).ended;
        assert.equal(ours.code, 0, ours.stderr);
        const theirs = await hopcost(checkout, "run").ended;
        assert.equal(theirs.code, 0, theirs.stderr);
        assert.ok(!(await namespaces()).includes(namespace));
        const both = [newestRun(checkout), newestRun(folder)];
        const { code, stdout, stderr } = await installation.hopcost(folder, ["compare", "--json", ...both]).ended;
        assert.equal(code, 0, stderr);
        assert.deepEqual(JSON.parse(stdout).differences, []);
    });

    /** Deploys a program below the installation, reads what it measured, and removes it. @returns what it deployed */
    const deployed = async (name: string, files: Record<string, string>): Promise<Deployed[]> => {
        await createRestrictedNamespace(sandboxClients().core, ofProgram);
        const folder = join(installation.folder, name);
        const state = join(folder, "state");
        mkdirSync(state, { recursive: true });
        for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
        const cluster = { "kubernetes:context": "hopcost-sandbox", "kubernetes:kubeconfig": sandboxKubeconfig };
        writeFileSync(join(folder, "Pulumi.test.yaml"), stringify({ config: cluster }));
        const tools = await pulumiTools(() => {});
        const hosts = [await languageHostFolder(() => {}), await yamlHostFolder(() => {})];
        const env = {
            ...tools.env,
            TMPDIR: state,
            PULUMI_BACKEND_URL: pathToFileURL(state).href,
            PULUMI_CONFIG_PASSPHRASE: "",
            PATH: [...hosts, dirname(process.execPath), process.env.PATH].join(":"),
        };
        const pulumi = async (...args: string[]) => {
            const ended = await start(tools.command, [...args, "--stack", "test", "--non-interactive"], folder, env)
                .ended;
            assert.equal(ended.code, 0, `pulumi ${args.join(" ")}\n${ended.stdout}\n${ended.stderr}`);
            return ended.stdout;
        };
        await start(tools.command, ["stack", "init", "test", "--non-interactive"], folder, env).ended;
        await pulumi("up", "--yes");
        const results = parseResults(await pulumi("stack", "output", "results", "--json"));
        assert.equal(results.complete, true);
        assert.equal(results.cells.length, 4);
        assert.equal((await pulumi("stack", "output", "summary")).trim(), results.summary);
        const { deployment } = JSON.parse(await pulumi("stack", "export"));
        await pulumi("destroy", "--yes");
        await removeNamespace(ofProgram);
        return deployment.resources
            .map(({ type, urn, inputs }: Deployed & { urn: string }) => ({
                type,
                name: urn.split("::").at(-1),
                inputs,
            }))
            .filter(({ type }: Deployed) => !type.startsWith("pulumi:"))
            .sort((one: Deployed, other: Deployed) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    };

    let ofTypeScript: Deployed[] = [];
    it("gives its components to a program, which reads the results", async () => {
        const runtime = { name: "nodejs", options: { typescript: false } };
        ofTypeScript = await deployed("program", {
            "index.ts": program,
            "package.json": JSON.stringify({ type: "module", main: "index.ts" }),
            "Pulumi.yaml": stringify({ name: "program", runtime }),
        });
        assert.ok(ofTypeScript.length > 20);
    });

    it("gives the same resources to a program in YAML, by the plugin", async () => {
        const plugin = join(installation.folder, "plugin");
        mkdirSync(plugin);
        for (const file of ["PulumiPlugin.yaml", "package.json", "index.js"])
            cpSync(join(projectRoot, "plugin", file), join(plugin, file));
        const example = parse(readFileSync(join(projectRoot, "examples", "yaml", "Pulumi.yaml"), "utf8"));
        const { code, net, vol, run } = example.resources;
        for (const { properties } of [net, vol]) properties.cpuRequest = shortRun["hopcost:cpuRequest"];
        run.properties = { ...run.properties, overrides };
        delete run.properties.profile;
        delete run.properties.runId;
        const results = example.outputs.results.replace("outline", "results");
        const text = stringify({
            ...{ name: "program", runtime: "yaml", plugins: { providers: [{ name: "hopcost", path: plugin }] } },
            variables: { namespace: ofProgram, image: sandboxNodeImage },
            ...{ resources: { code, net, vol, run }, outputs: { ...example.outputs, results } },
        });
        assert.deepEqual(await deployed("yaml", { "Pulumi.yaml": text }), ofTypeScript);
    });
});
