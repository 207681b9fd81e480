import assert from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { resultsAt } from "../../../cli/saved/find-results.ts";
import { Compared } from "../../../model/comparison.ts";
import { compareRuns } from "../../../report/findings/compare.ts";
import { outline } from "../../../report/findings/outline.ts";
import { comparedText } from "../../../report/formats/compare-text.ts";
import { scenarioRunOf } from "../../report/injections.ts";
import { hopcost, type ResultFiles, writeResultFiles } from "../result-files.ts";

describe("hopcost compare", function () {
    this.timeout(30_000); // a process each
    let files: ResultFiles;
    before(() => {
        files = writeResultFiles();
    });
    after(() => files.remove());

    it("shows two runs side by side, and ends with 0 whether something changed or not", () => {
        const { a, b, slow } = files.file;
        for (const other of [b, slow]) {
            const expected = comparedText(compareRuns([resultsAt(a).results], [resultsAt(other).results]));
            assert.deepEqual(hopcost("compare", a, other), { status: 0, stdout: expected, stderr: "" });
        }
        assert.match(hopcost("compare", a, slow).stdout, /volume\/chokidar is slower at 2 of 2 sizes/);
    });

    it("takes sets of runs, and folders", () => {
        const { a, b, c } = files.file;
        const { status, stdout } = hopcost("compare", `${a}, ${b}`, `${c},${files.folder}`);
        assert.equal(status, 0);
        assert.match(
            stdout,
            /^A: mean of 2 runs: run-1 \(.*\), run-2 \(.*\)\nB: mean of 2 runs: run-3 \(.*\), run-5 \(.*\)$/m,
        );
    });

    it("prints every figure as JSON, as its schema says", () => {
        const compared = JSON.parse(hopcost("compare", files.file.a, files.file.slow, "--json").stdout);
        assert.deepEqual([...Value.Errors(Compared, compared)], []);
        assert.equal(compared.arms[1].p50.sizes[0].outcome, "slower");
    });

    it("shows the outages of runs with scenarios, and those of a stack output as what can't be compared", () => {
        const run = scenarioRunOf();
        const path = (name: string) => join(files.scratch, `${name}.json`);
        writeFileSync(path("scenarios"), JSON.stringify(run));
        writeFileSync(path("outline"), JSON.stringify(outline(run)));
        const { status, stdout } = hopcost("compare", path("scenarios"), path("scenarios"));
        assert.equal(status, 0);
        assert.match(stdout, / Outages: no difference in \d of 8; inconclusive in \d of 8\.\n/);
        assert.match(stdout, /\nnot-ready +volume +0 s +0 s +0 s .* no difference\n/);
        const outlined = hopcost("compare", path("scenarios"), path("outline"), "--json");
        const { outages } = JSON.parse(outlined.stdout);
        assert.deepEqual(
            [...new Set(outages.map(({ outcome, reason }: Compared["outages"][number]) => `${outcome}: ${reason}`))],
            ["inconclusive: B: run run-1: the stack output leaves the single injections out; use the run's folder"],
        );
    });

    it("refuses runs measured under different conditions, naming each field with both values", () => {
        assert.deepEqual(hopcost("compare", files.file.a, files.file.other), {
            status: 2,
            stdout: "",
            stderr: `hopcost: A and B were measured under different conditions, so a change may come from these differences:
  environment.kernel: A has 6.1.0, B has 6.2.0
  environment.cpus: A has 2, B has 4
Measure both under the same conditions, or compare them anyway with --allow-different
`,
        });
        assert.equal(hopcost("compare", `${files.file.a},${files.file.other}`, files.file.b).status, 2);
    });

    it("compares different runs with --allow-different, and lists the differences first", () => {
        const { status, stdout } = hopcost("compare", files.file.a, files.file.other, "--allow-different");
        assert.equal(status, 0);
        assert.match(
            stdout,
            /^A and B .*:\n {2}environment\.kernel: A has 6\.1\.0, B has 6\.2\.0\n {2}environment\.cpus: A has 2, B has 4\n\n/,
        );
    });

    it("warns of a run that is incomplete", () => {
        const { status, stdout } = hopcost("compare", files.file.a, files.file.partial);
        assert.equal(status, 0);
        assert.ok(
            stdout.startsWith("warning: B: run run-4 is incomplete: 1 of 20 trials were not measured\n\n"),
            stdout,
        );
    });

    it("takes a file whose name has a comma", () => {
        const { a, b } = files.file;
        const comma = join(files.scratch, "run, of today.json");
        copyFileSync(b, comma);
        const compared = hopcost("compare", "--json", a, comma);
        assert.equal(compared.status, 0, compared.stderr);
    });

    it("ends with 2 for what can't be read, and for a set that is none", () => {
        const { a, b, broken } = files.file;
        for (const [args, reason] of [
            [[a, broken], /^hopcost: \S+broken\.json: not JSON \(500 characters\)/],
            [[a, "no-such-run"], /^hopcost: \S+no-such-run is not a run \(no plan\.json\)/],
            [
                [a, `${b},`],
                /^hopcost: "\S+" must be a run, or several joined by commas, none of them empty, e\.g\. a1,a2,a3\n$/,
            ],
            [[a, `${b},${b}`], /^hopcost: "\S+" contains the run of \S+b\.json twice; name different runs\n$/],
            [
                [a, `${b},${files.summarised}`],
                /^hopcost: "\S+" contains the run of \S+b-output\.json twice; name different runs\n$/,
            ],
            [[a], /^error: missing required argument 'b'/],
        ] as const) {
            const { status, stdout, stderr } = hopcost("compare", ...args);
            assert.deepEqual([status, stdout], [2, ""], stderr);
            assert.match(stderr, reason);
        }
    });
});
