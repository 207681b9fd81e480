import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../cli/project.ts";
import { loadRun, type Run, resultsOf, saveRun } from "../../../cli/saved/run-folder.ts";
import { CommandError } from "../../../cli/terminal/exit.ts";
import { allArms } from "../../../model/arms.ts";
import { ReportError } from "../../../model/error.ts";
import { allSizes } from "../../../model/sizes.ts";
import { everyModeAt, journalOf, planOf } from "../../model/fixtures.ts";

describe("the folder of a run", () => {
    let scratch: string;
    let folder: string;
    const arms = allArms;
    const plan = planOf({
        arms,
        sizes: [...allSizes],
        ablationSizes: [64, 65_536],
        repeatSizes: [64, 65_536],
        ...everyModeAt(64, 65_536),
    });
    const run: Run = { plan, trials: journalOf(plan), injections: [], warnings: ["trial 99 could not be read"] };
    before(() => {
        scratch = mkdtempSync(join(tmpdir(), "hopcost-test-"));
        folder = saveRun(run, resultsOf(run), scratch);
    });
    after(() => rmSync(scratch, { recursive: true, force: true }));

    const hopcost = (...args: string[]) => {
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "report", ...args];
        return spawnSync(process.execPath, command, { encoding: "utf8", maxBuffer: 2 ** 26 });
    };
    /** A copy of the folder with one file replaced. */
    const changed = (name: string, change: (text: string) => string) => {
        const copy = mkdtempSync(join(scratch, "changed-"));
        cpSync(folder, copy, { recursive: true });
        writeFileSync(join(copy, name), change(readFileSync(join(copy, name), "utf8")));
        return copy;
    };

    it("says where a run can't be saved, and why", () => {
        const full = join(scratch, "full");
        writeFileSync(full, "");
        const target = join(full, plan.runId);
        assert.throws(() => saveRun(run, resultsOf(run), full), {
            name: "CommandError",
            exitCode: 4,
            message: `run ${plan.runId} can't be saved in ${target} (ENOTDIR: not a directory, mkdir '${target}'): only the printed results exist; free some space there and measure again`,
        });
    });

    it("gives the same results byte for byte, from only the raw trials", () => {
        const written = readFileSync(join(folder, "results.json"), "utf8");
        assert.ok(written.length > 65_536, "more than a pipe holds");
        unlinkSync(join(folder, "results.json"));
        const { status, stdout, stderr } = hopcost(folder, "--json");
        writeFileSync(join(folder, "results.json"), written);
        assert.equal(status, 0, stderr);
        assert.equal(stdout, written);
    });

    it("shows the same tables as the run did", () => {
        const { status, stdout } = hopcost(folder, "--format", "text");
        assert.equal(status, 0);
        assert.equal(stdout, readFileSync(join(folder, "table.txt"), "utf8"));
        for (const part of ["volume / network", "ablation arms", "warning: trial 99 could not be read"]) {
            assert.ok(stdout.includes(part), part);
        }
    });

    it("keeps how the run was stopped", () => {
        const trials = run.trials.slice(0, -1);
        const stopped = { ...run, plan: { ...plan, runId: "run-1" }, trials, stopReason: "the deadline passed" };
        const results = resultsOf(stopped);
        const other = saveRun(stopped, results, join(scratch, "stopped"));
        assert.equal(results.complete, false);
        assert.deepEqual(resultsOf(loadRun(other)), results);
        assert.match(results.incompleteReason ?? "", /^the deadline passed; 1 of \d+ trials were not measured$/);
    });

    it("refuses a trial that was changed, and one that was cut off", () => {
        for (const change of [(text: string) => text.replace('"ok"', '"OK"'), (text: string) => text.slice(0, 100)]) {
            const copy = changed("trials/0001.json", change);
            assert.throws(
                () => loadRun(copy),
                (error) => error instanceof ReportError && /0001\.json: its SHA-256 is .* expected/.test(error.message),
            );
            assert.equal(hopcost(copy).status, 2);
        }
    });

    it("refuses a folder that was cut off or changed beside its trials, naming the file and the reason", () => {
        const refused = (copy: string) => {
            const { status, stdout, stderr } = hopcost(copy);
            return { status, stdout, stderr: stderr.replaceAll(copy, "FOLDER") };
        };
        const remedy = "use the results.json beside it, or repeat the run";
        for (const [name, change, reason] of [
            [
                "plan.json",
                (text) => text.slice(0, 20),
                /^not JSON \(20 characters\): Unexpected end of JSON input; .* repeat the run$/,
            ],
            ["plan.json", () => "[]", /^schemaVersion is absent, .* schema version 3$/],
            [
                "plan.json",
                (text) => text.replace('"seed": 7', '"seed": -7'),
                /^seed is -7, expected integer to be greater or equal to 0; .* schema version 3; repeat the run$/,
            ],
            ["run.json", () => "", /^can't be read: Unexpected end of JSON input; .* results\.json /],
            ["run.json", () => "{}", /^warnings: Expected required property; /],
        ] as const satisfies [string, (text: string) => string, RegExp][]) {
            const { stderr, ...ended } = refused(changed(name, change));
            assert.deepEqual(ended, { status: 2, stdout: "" });
            const start = `hopcost: FOLDER/${name}: `;
            assert.ok(stderr.startsWith(start), stderr);
            assert.match(stderr.slice(start.length).trimEnd(), reason);
        }
        for (const [name, call] of [
            ["run.json", "open"],
            ["trials", "scandir"],
        ] as const) {
            const copy = changed("plan.json", (text) => text);
            rmSync(join(copy, name), { recursive: true });
            const reason = `ENOENT: no such file or directory, ${call} 'FOLDER/${name}'`;
            const stderr = `hopcost: FOLDER/${name}: can't be read: ${reason}; ${remedy}\n`;
            assert.deepEqual(refused(copy), { status: 2, stdout: "", stderr });
        }
    }).timeout(20_000);

    it("refuses a plan of another version, and a folder without a run, saying what to do", () => {
        const copy = changed("plan.json", (text) => text.replace('"schemaVersion": 3', '"schemaVersion": 2'));
        assert.throws(() => loadRun(copy), ReportError);
        const older = hopcost(copy);
        assert.equal(older.status, 2);
        assert.match(
            older.stderr,
            /plan\.json: .*\bec58474\b.* schema version 2, .* schema version 3; .*git checkout ec58474\n$/,
        );
        assert.throws(() => loadRun(scratch), CommandError);
        const { status, stderr } = hopcost(scratch);
        assert.equal(status, 2);
        assert.match(stderr, /is not a run \(no plan\.json\); name a folder in/);
    });
});
