import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../cli/project.ts";
import { parseThresholds } from "../../report/findings/thresholds.ts";

interface Step {
    name?: string;
    uses?: string;
    run?: string;
    if?: string;
    with?: Record<string, unknown>;
}
const path = join(projectRoot, "examples", "regression-check", "hopcost.yaml");
const workflow = parse(readFileSync(path, "utf8"));
const { steps, ...job }: { steps: Step[]; [key: string]: unknown } = workflow.jobs.regression;
const step = (name: string): Step =>
    steps.find((each) => each.name === name) ?? assert.fail(`there is no step ${name}`);
const commands = steps.flatMap(({ run }) => run ?? []);

/** Keys that GitHub knows at each level: it silently ignores a misspelt key, or rejects the workflow. */
const known = {
    workflow: ["name", "on", "permissions", "concurrency", "jobs"],
    job: ["runs-on", "timeout-minutes", "defaults", "env", "steps"],
    step: ["name", "uses", "run", "if", "with", "env", "working-directory"],
};

// It can't run here without GitHub. These tests check that it is a workflow and fits the command.
describe("examples/regression-check", () => {
    it("is a workflow of one job, with only keys that GitHub knows", () => {
        assert.deepEqual(
            Object.keys(workflow).filter((key) => !known.workflow.includes(key)),
            [],
        );
        assert.deepEqual(Object.keys(workflow.jobs), ["regression"]);
        assert.deepEqual(
            Object.keys(job).filter((key) => !known.job.includes(key)),
            [],
        );
        for (const each of steps) {
            assert.deepEqual(
                Object.keys(each).filter((key) => !known.step.includes(key)),
                [],
            );
            assert.equal([each.uses, each.run].filter((part) => part !== undefined).length, 1, JSON.stringify(each));
        }
    });

    it("pins each action by its commit, since a tag can be moved to other code, and has only read permissions", () => {
        const actions = steps.flatMap(({ uses }) => uses ?? []);
        assert.equal(actions.length, 5);
        for (const action of actions) assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
        assert.deepEqual(workflow.permissions, { contents: "read", actions: "read" });
    });

    it("has shell code that bash can parse", () => {
        for (const run of commands) {
            const { status, stderr } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
            assert.equal(status, 0, stderr);
        }
    });

    it("measures before it checks, and downloads the results of main under the name that it uploads", () => {
        const names = steps.flatMap(({ name }) => name ?? []);
        assert.deepEqual(names, ["Kubernetes", "Measure", "Baseline", "Check", "JUnit", "Results"]);
        const artifact = step("Results").with?.name;
        assert.equal(artifact, "hopcost-results");
        assert.ok(step("Baseline").run?.includes(`--name ${artifact} `));
        assert.ok(
            step("Baseline").run?.includes(`--workflow ${workflow.name} --branch ${workflow.on.push.branches[0]} `),
        );
        for (const name of ["JUnit", "Results"]) assert.match(step(name).if ?? "", /^\$\{\{ !cancelled\(\) \}\}$/);
    });

    it("calls hopcost with existing options and limits", () => {
        const text = commands.join("\n");
        for (const command of ["run", "compare", "check"]) {
            assert.ok(text.includes(`npx hopcost ${command} `));
            const { stdout } = spawnSync(
                process.execPath,
                [join(projectRoot, "cli", "hopcost.mjs"), command, "--help"],
                {
                    encoding: "utf8",
                },
            );
            const lines = text
                .split("\n")
                .filter(
                    (line) => line.includes(`hopcost ${command}`) || (command === "check" && line.includes("limits")),
                );
            for (const option of lines.join("\n").match(/--[a-z][\w-]*/g) ?? []) {
                assert.ok(stdout.includes(option), `${command} has no ${option}`);
            }
        }
        const limitsOf = (option: string) =>
            [...text.matchAll(new RegExp(`--${option} (\\S+)`, "g"))].map(([, limit]) => limit ?? "");
        const limits = {
            "max-ratio": limitsOf("max-ratio"),
            "max-p99": limitsOf("max-p99"),
            "max-change": limitsOf("max-change"),
        };
        assert.equal(parseThresholds(limits).length, 2);
    });
});
