import assert from "node:assert/strict";
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../cli/project.ts";
import { parseResults } from "../../model/parse.ts";
import { sandboxKubeconfig, sandboxNodeImage, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { languageHostFolder, pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { createRestrictedNamespace } from "../sandbox/restricted-pod.ts";
import { buildMs } from "../support/build-limit.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { InstalledPackage } from "../support/installed-package.ts";
import { namespaces, newestRun, removeNamespace, sandboxClients, shortRun } from "./support.ts";

const namespace = "hopcost-package";
const ofProgram = "hopcost-package-program";
const small = { ...shortRun, "hopcost:rounds": 1 };

/** A program outside the checkout that measures both topologies at two sizes. */
const program = `
import { BenchmarkJob, NetworkPair, SharedVolumePod, WorkloadCode } from "hopcost";

export default async function program() {
    const where = { namespace: "${ofProgram}", image: "${sandboxNodeImage}", cpuRequest: "${shortRun["hopcost:cpuRequest"]}" };
    const code = new WorkloadCode("code", where);
    const network = new NetworkPair("net", { ...where, code }).endpoints;
    const volume = new SharedVolumePod("vol", { ...where, code }).endpoints;
    const arms = ["network/cluster-ip", "volume/chokidar"];
    const cells = arms.map((arm) => ({ arm, mode: "closed-loop", sizes: [64, 65536] }));
    const overrides = { cells, rounds: 1, warmupSeconds: 0.2, cellSeconds: 0.2 };
    const run = new BenchmarkJob("run", { namespace: where.namespace, network, volume, code, overrides });
    return { results: run.results, summary: run.summary };
}
`;

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

    it("gives its components to a program, which reads the results", async () => {
        await createRestrictedNamespace(sandboxClients().core, ofProgram);
        const folder = join(installation.folder, "program");
        const state = join(folder, "state");
        mkdirSync(state, { recursive: true });
        writeFileSync(join(folder, "index.ts"), program);
        writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
        const runtime = { name: "nodejs", options: { typescript: false } };
        writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name: "program", runtime }));
        const cluster = { "kubernetes:context": "hopcost-sandbox", "kubernetes:kubeconfig": sandboxKubeconfig };
        writeFileSync(join(folder, "Pulumi.test.yaml"), stringify({ config: cluster }));
        const tools = await pulumiTools(() => {});
        const env = {
            ...tools.env,
            TMPDIR: state,
            PULUMI_BACKEND_URL: pathToFileURL(state).href,
            PULUMI_CONFIG_PASSPHRASE: "",
            PATH: [await languageHostFolder(() => {}), dirname(process.execPath), process.env.PATH].join(":"),
        };
        const pulumi = async (...args: string[]) => {
            const ended = await start(tools.command, [...args, "--stack", "test", "--non-interactive"], folder, env)
                .ended;
            assert.equal(ended.code, 0, `pulumi ${args.join(" ")}\n${ended.stdout}\n${ended.stderr}`);
            return ended.stdout;
        };
        await start(tools.command, ["stack", "init", "test", "--non-interactive"], folder, env).ended;
        await pulumi("up", "--yes", "--skip-preview");
        const results = parseResults(await pulumi("stack", "output", "results", "--json"));
        assert.equal(results.complete, true);
        assert.equal(results.cells.length, 4);
        assert.equal((await pulumi("stack", "output", "summary")).trim(), results.summary);
        await pulumi("destroy", "--yes");
    });
});
