import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../cli/project.ts";

interface Step {
    uses?: string;
    run?: string;
    shell?: string;
}
interface Document {
    runs?: { steps: Step[] };
    jobs?: Record<string, { steps: Step[] }>;
    permissions?: Record<string, string>;
    body?: { type: string; id: string }[];
}
const documentOf = (path: string): Document => parse(readFileSync(join(projectRoot, path), "utf8"));
const workflows = globSync(".github/workflows/*.yml", { cwd: projectRoot }).sort();
const stepsOf = ({ runs, jobs = {} }: Document) => [
    ...(runs?.steps ?? []),
    ...Object.values(jobs).flatMap(({ steps }) => steps),
];

// None of it can run here, without GitHub.
describe("what GitHub runs", () => {
    for (const path of ["action.yml", ...workflows]) {
        describe(path, () => {
            const document = documentOf(path);
            const steps = stepsOf(document);

            it("pins each action by its commit", () => {
                assert.ok(steps.length > 2);
                for (const { uses } of steps.filter(({ uses }) => uses !== undefined))
                    assert.match(uses ?? "", /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
            });

            it("has shell code that bash can parse, and puts no expression into it", () => {
                for (const { run } of steps.filter(({ run }) => run !== undefined)) {
                    const { status, stderr } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
                    assert.equal(status, 0, stderr);
                    assert.doesNotMatch(run ?? "", /\$\{\{/);
                }
            });
        });
    }

    it("gives workflows no more than reading, except the job that publishes", () => {
        assert.deepEqual(workflows, [".github/workflows/ci.yml", ".github/workflows/release.yml"]);
        for (const path of workflows) assert.deepEqual(documentOf(path).permissions, { contents: "read" });
    });

    it("calls hopcost with options that it has", () => {
        const text = stepsOf(documentOf("action.yml"))
            .flatMap(({ run }) => run ?? [])
            .join("\n");
        const used = {
            run: ["--context", "--profile", "--scenarios"],
            report: ["--format"],
            compare: ["--allow-different"],
            check: ["--baseline", "--allow-different", "--junit", "--max-change"],
        };
        const main = join(projectRoot, "cli", "hopcost.mjs");
        for (const [command, options] of Object.entries(used)) {
            assert.ok(text.includes(`hopcost ${command} `), command);
            const { stdout } = spawnSync(process.execPath, [main, command, "--help"], { encoding: "utf8" });
            for (const option of options) assert.ok(text.includes(option) && stdout.includes(option), option);
        }
    });

    it("asks in bug reports for what doctor says", () => {
        const { body = [] } = documentOf(".github/ISSUE_TEMPLATE/bug.yml");
        assert.deepEqual(
            body.map(({ id }) => id),
            ["what", "doctor", "results", "version"],
        );
    });
});
