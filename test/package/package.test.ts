import assert from "node:assert/strict";
import { cpSync, existsSync, globSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { projectRoot } from "../../cli/project.ts";
import { resultsOf, saveRun } from "../../cli/saved/run-folder.ts";
import { codeHash, prebuiltName } from "../../components/bundle.ts";
import { journalOf, planOf } from "../model/fixtures.ts";
import { type Ended, start } from "../support/command.ts";
import { InstalledPackage, pulumiPackages } from "../support/installed-package.ts";

/** Most that an installation takes, bytes. */
const mostBytes = 150 * 2 ** 20;

/** A program that uses what the package exports, without an engine. */
const program = `
import * as pulumi from "@pulumi/pulumi";
pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ inputs }) => inputs,
});
const { BenchmarkJob, NetworkPair, SharedVolumePod } = await import("hopcost");
const { parseResults, resultsText } = await import("hopcost/report");
const { rules } = await import("hopcost/policies");
const where = { namespace: "bench", image: "node:24.21.0" };
const network = new NetworkPair("net", where).endpoints;
const volume = new SharedVolumePod("vol", where).endpoints;
new BenchmarkJob("run", { namespace: "bench", network, volume, readResults: false });
await pulumi.runtime.disconnect();
console.log(JSON.stringify([rules.length, typeof parseResults, typeof resultsText]));
`;
/** Runs a program without an engine or a cluster. Prints what it declares, the arms of its plan, and its outputs. */
const mocked = (path: string, preview: boolean) => `
import * as pulumi from "@pulumi/pulumi";
const types = {};
let arms = [];
const results = {
    summary: "so",
    cells: [{ arm: "network/cluster-ip", size: 64, p50Seconds: 0.001 }],
    ratios: [{ size: 64, verdict: "network faster" }],
};
pulumi.runtime.setMocks(
    {
        newResource: ({ type, name, inputs }) => {
            types[type] = (types[type] ?? 0) + 1;
            const plan = inputs.data?.["plan.json"];
            if (plan) arms = [...new Set(JSON.parse(plan).cells.map(({ arm }) => arm))];
            return { id: name, state: type === "pulumi:pulumi:StackReference" ? { outputs: { results } } : inputs };
        },
        call: ({ inputs }) => inputs,
    },
    "mine",
    "test",
    ${preview},
);
pulumi.runtime.setAllConfig({ "kubernetes:context": "kind", "mine:namespace": "theirs", "mine:measured": "us/them/dev" });
const { default: example } = await import("${path}");
const outputs = await example();
await pulumi.runtime.disconnect();
// In a preview the results of a Job are unknown.
const known = ${preview} ? undefined : await new Promise((resolve) => pulumi.output(outputs).apply(resolve));
console.log(JSON.stringify({ types, arms, outputs: known }));
process.exit();
`;

/** The same as types see it. */
const typed = `
import { BenchmarkJob, type BenchmarkJobArgs, NetworkPair, type Results } from "hopcost";
import { rules } from "hopcost/policies";
import { parseResults, resultsText } from "hopcost/report";
const pair = new NetworkPair("net", { namespace: "bench", image: "node:24.21.0", placement: "cross-node" });
const args: BenchmarkJobArgs = { namespace: "bench", network: pair.endpoints, profile: "standard" };
export const summary = new BenchmarkJob("run", args).results?.apply((results: Results) => results.summary);
export const text: string = resultsText(parseResults("{}"));
export const names: string[] = rules.map(({ name }) => name);
// @ts-expect-error: no such placement
new NetworkPair("net", { namespace: "bench", image: "node:24.21.0", placement: "moon" });
`;

describe("the npm package", function () {
    this.timeout(300_000);
    let installation: InstalledPackage;
    let folder = "";
    let scratch = "";
    before(async () => {
        installation = await InstalledPackage.make();
        ({ folder, scratch } = installation);
    });
    after(() => installation.remove());

    const run = async (args: string[], cwd: string): Promise<Ended> => {
        const ended = await start(process.execPath, args, cwd).ended;
        assert.equal(ended.code, 0, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
        return ended;
    };
    const hopcost = (cwd: string, ...args: string[]) => installation.hopcost(cwd, args).ended;
    const installed = (...path: string[]) => join(folder, "node_modules", "hopcost", ...path);

    it("has what is needed, and neither tests nor sources", () => {
        const files = globSync("**/*", { cwd: installed(), exclude: ["node_modules"] });
        for (const file of ["LICENSE", "README.md", "policies/PulumiPolicy.yaml", "model/results.schema.json"])
            assert.ok(files.includes(file), file);
        assert.deepEqual(
            files.filter((file) => /^(test|bench)\b|\.test\.|(?<!\.d)\.ts$/.test(file)),
            [],
        );
    });

    it("measures the same code as the checkout", () => {
        assert.equal(JSON.parse(readFileSync(installed(prebuiltName), "utf8")).codeHash, codeHash());
        assert.ok(!existsSync(join(folder, "node_modules", "esbuild")));
    });

    it("takes at most 150 MB with all its packages", () => {
        const files = globSync("**/*", { cwd: join(folder, "node_modules") });
        const bytes = files.reduce((sum, file) => sum + lstatSync(join(folder, "node_modules", file)).size, 0);
        assert.ok(bytes < mostBytes, `${bytes}`);
    });

    it("is imported as a module and by require, and its types are sound, with the oldest and the newest Pulumi", async () => {
        const newest = await installation.install("newest", ...pulumiPackages.map((name) => `${name}@latest`));
        for (const at of [folder, newest]) {
            writeFileSync(join(at, "program.mjs"), program);
            const { stdout } = await run(["program.mjs"], at);
            assert.deepEqual(JSON.parse(stdout), [40, "function", "function"]);
            writeFileSync(join(at, "program.cjs"), `console.log(typeof require("hopcost").NetworkPair)`);
            assert.equal((await run(["program.cjs"], at)).stdout, "function\n");
            writeFileSync(join(at, "program.ts"), typed);
            const tsc = join(projectRoot, "node_modules", "typescript", "bin", "tsc");
            const how = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2024"];
            await run([tsc, ...how, "program.ts"], at);
        }
    });

    it("is sound for publint and Are the types wrong?", async () => {
        const { messages } = await publint({ pkgDir: installed() });
        assert.deepEqual(
            messages.filter(({ type }) => type !== "suggestion"),
            [],
        );
        const checked = await checkPackage(createPackageFromTarballData(readFileSync(installation.tarball)));
        assert.ok(checked.types !== false);
        const ours = checked.problems.filter(({ kind }) => kind !== "CJSResolvesToESM");
        // Node requires modules since version 22; without `exports`, as Node 10 resolves, there is only the folder.
        const old = (problem: object) => "resolutionKind" in problem && problem.resolutionKind === "node10";
        assert.deepEqual(
            ours.filter((problem) => !old(problem)),
            [],
        );
    });

    it("has a command that works in any folder", async () => {
        const empty = join(scratch, "empty");
        mkdirSync(empty);
        const plan = planOf();
        const saved = { plan, trials: journalOf(plan), injections: [], warnings: [] };
        saveRun(saved, resultsOf(saved), join(empty, "results"));
        for (const args of [
            ["report", "--format", "text"],
            ["check", "--max-ratio", "1000"],
            ["compare", plan.runId, plan.runId],
            ["completion", "bash"],
            ["--help"],
        ]) {
            const { code, stdout, stderr } = await hopcost(empty, ...args);
            assert.equal(code, 0, `${args}: ${stderr}`);
            assert.ok(stdout.length > 100, `${args}: ${stdout}`);
        }
        const { code, stdout } = await hopcost(empty, "doctor", "--json", "--context", "no such context");
        const checks: { id: string; state: string }[] = JSON.parse(stdout).checks;
        const failed = checks.filter(({ state }) => state === "failure").map(({ id }) => id);
        assert.deepEqual([code, failed], [3, ["context"]], stdout);
        assert.deepEqual(readdirSync(empty), ["results"]);
    });

    /** Runs an example of the checkout as its readers would, beside an installed package, but without an engine. */
    const example = async (name: string, preview: boolean): Promise<unknown> => {
        cpSync(join(projectRoot, "examples", name), join(folder, name), { recursive: true });
        writeFileSync(join(folder, `${name}.mjs`), mocked(`./${name}/index.ts`, preview));
        return JSON.parse((await run([`${name}.mjs`], folder)).stdout);
    };

    it("runs the examples", async () => {
        const declared = (name: string) =>
            example(name, true) as Promise<{ types: Record<string, number>; arms: string[] }>;
        const both = await declared("both-topologies");
        assert.deepEqual(both.arms, ["network/cluster-ip", "volume/chokidar", "network/cluster-ip-repeat"]);
        assert.equal(both.types["hopcost:index:WorkloadCode"], 1);
        const alone = await declared("network-only");
        assert.deepEqual(alone.arms, ["network/cluster-ip"]);
        assert.deepEqual(
            [alone.types["hopcost:index:NetworkPair"], alone.types["kubernetes:core/v1:Namespace"]],
            [1, undefined],
        );
        assert.equal((await declared("custom-arms")).arms.length, 5);
        const { outputs } = (await example("read-results", false)) as { outputs: object };
        assert.deepEqual(outputs, { summary: "so", hopSeconds: 0.001, verdict: "network faster" });
    });

    it("gives its policies to a pack of one's own", async () => {
        cpSync(join(projectRoot, "examples", "own-policies"), join(folder, "own-policies"), { recursive: true });
        const pack = start(process.execPath, ["index.mjs", "127.0.0.1:1"], join(folder, "own-policies"));
        try {
            assert.match((await pack.firstLine) ?? pack.output.stderr, /^\d+$/); // the port at which it serves them
        } finally {
            process.kill(pack.pid, "SIGKILL");
        }
    });

    it("has the policy pack, which Pulumi's engine loads for a stack file that init wrote", async () => {
        const project = join(scratch, "project");
        mkdirSync(project);
        assert.equal((await hopcost(project, "init", "staging", "--context", "kind")).code, 0);
        const { code, stdout, stderr } = await hopcost(project, "policies", "--json");
        assert.equal(code, 0, stderr);
        const [found, ...others] = JSON.parse(stdout);
        assert.deepEqual([found.stack, found.ok, found.violations, others], ["staging", true, [], []]);
        assert.ok(found.resources > 20, stdout);
    });
});
