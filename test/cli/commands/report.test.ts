import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../cli/project.ts";
import { asJson, resultsOf, saveRun } from "../../../cli/saved/run-folder.ts";
import { resultsCsv } from "../../../report/formats/csv.ts";
import { reportPage } from "../../../report/formats/html/page.ts";
import { resultsMarkdown } from "../../../report/formats/markdown.ts";
import { resultsOpenMetrics } from "../../../report/formats/openmetrics.ts";
import { resultsText } from "../../../report/formats/text.ts";
import { everyModeAt, journalOf, planOf } from "../../model/fixtures.ts";
import { largeResults } from "../../model/large-results.ts";

describe("hopcost report", function () {
    this.timeout(60_000);
    const plan = planOf({ ...everyModeAt(64) });
    const run = { plan, trials: journalOf(plan), injections: [], warnings: [] };
    const results = resultsOf(run);
    const other = { ...results, runId: "run-2" };
    let scratch: string;
    let folder: string;
    let file: string;
    beforeEach(() => {
        scratch = mkdtempSync(join(tmpdir(), "hopcost-test-"));
        folder = saveRun(run, results, scratch);
        file = join(scratch, "other.json");
        writeFileSync(file, JSON.stringify(other));
    });
    afterEach(() => rmSync(scratch, { recursive: true, force: true }));

    const hopcost = (args: string[], input = "") => {
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "report", ...args];
        const options = { encoding: "utf8", maxBuffer: 2 ** 26, cwd: scratch, input } as const;
        const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
        return { status, stdout, stderr };
    };

    it("finds report.html written by the run, and writes the same again", () => {
        const page = join(folder, "report.html");
        assert.equal(readFileSync(page, "utf8"), reportPage([results]));
        rmSync(page);
        assert.deepEqual(hopcost([folder]), { status: 0, stdout: `${results.summary}\n\n${page}\n`, stderr: "" });
        assert.equal(readFileSync(page, "utf8"), reportPage([results]));
    });

    it("writes the page of a file beside it", () => {
        const page = join(scratch, "other.html");
        assert.deepEqual(hopcost([file]), { status: 0, stdout: `${other.summary}\n\n${page}\n`, stderr: "" });
        assert.equal(readFileSync(page, "utf8"), reportPage([other]));
    });

    it("writes one page of several runs, and that of standard input, into the current folder", () => {
        const page = join(scratch, "report.html");
        const expected = { status: 0, stdout: `${results.summary}\n${other.summary}\n\nreport.html\n`, stderr: "" };
        assert.deepEqual(hopcost([folder, file]), expected);
        assert.equal(readFileSync(page, "utf8"), reportPage([results, other]));
        assert.equal(hopcost(["-"], JSON.stringify(other)).stdout, `${other.summary}\n\nreport.html\n`);
        assert.equal(readFileSync(page, "utf8"), reportPage([other]));
    });

    it("reads what a shell gives in place of a file, and writes its page into the current folder", () => {
        const line = `"$0" "$1" report <(cat "$2")`;
        const args = ["-c", line, process.execPath, join(projectRoot, "cli", "hopcost.mjs"), file];
        const { stdout, stderr } = spawnSync("bash", args, { encoding: "utf8", cwd: scratch });
        assert.deepEqual([stdout, stderr], [`${other.summary}\n\nreport.html\n`, ""]);
        assert.equal(readFileSync(join(scratch, "report.html"), "utf8"), reportPage([other]));
    });

    it("prints every other format, of one run and of several", async () => {
        const runs = [results, other];
        const expected = {
            text: `${resultsText(results)}\n${resultsText(other)}`,
            markdown: resultsMarkdown(runs),
            csv: resultsCsv(runs),
            json: asJson(runs),
            openmetrics: await resultsOpenMetrics(runs),
        };
        for (const [format, stdout] of Object.entries(expected)) {
            assert.deepEqual(hopcost([folder, file, "--format", format]), { status: 0, stdout, stderr: "" });
        }
        assert.equal(hopcost([folder, "--json"]).stdout, asJson(results));
        assert.equal(hopcost([folder, "--format", "text"]).stdout, readFileSync(join(folder, "table.txt"), "utf8"));
    });

    it("writes where --output says, folders made as they are missing, and prints with -", () => {
        const target = join(scratch, "new", "comment.md");
        const { stdout } = hopcost([file, "--format", "markdown", "--output", target]);
        assert.equal(stdout, `${other.summary}\n\n${target}\n`);
        assert.equal(readFileSync(target, "utf8"), resultsMarkdown([other]));
        assert.deepEqual(hopcost([file, "--output", "-"]), { status: 0, stdout: reportPage([other]), stderr: "" });
        assert.equal(existsSync(join(scratch, "other.html")), false);
    });

    it("draws each plot as a picture, and leaves out what the run has nothing for", () => {
        const pictures = join(scratch, "pictures");
        const names = ["latency", "ratio", "topologies", "phases", "cost"];
        const paths = names.map((name) => join(pictures, `${name}.svg`)).join("\n");
        const page = join(scratch, "other.html");
        assert.equal(hopcost([file, "--plots", pictures]).stdout, `${other.summary}\n\n${page}\n${paths}\n`);
        for (const name of names) {
            assert.match(
                readFileSync(join(pictures, `${name}.svg`), "utf8"),
                /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /,
            );
        }
        writeFileSync(file, JSON.stringify({ ...other, phases: [] }));
        const fewer = join(scratch, "fewer");
        hopcost([file, "--plots", fewer]);
        assert.deepEqual(readdirSync(fewer).sort(), ["cost.svg", "latency.svg", "ratio.svg", "topologies.svg"]);
    });

    it("refuses plots of several runs, an unknown format, and a place where nothing can be written", () => {
        assert.deepEqual(hopcost([folder, file, "--plots", "pictures"]), {
            status: 2,
            stdout: "",
            stderr: "hopcost: --plots draws one run, got 2; call it once per run, each with its own folder\n",
        });
        const { status, stderr } = hopcost([file, "--format", "pdf"]);
        assert.equal(status, 2);
        assert.match(
            stderr,
            /argument 'pdf' is invalid\. Allowed choices are html, text, markdown, csv, json, openmetrics/,
        );
        mkdirSync(join(scratch, "taken.html"));
        const taken = hopcost([file, "--output", join(scratch, "taken.html")]);
        assert.equal(taken.status, 2);
        assert.equal(
            taken.stderr,
            `hopcost: ${scratch}/taken.html can't be written: EISDIR: illegal operation on a directory, open '${scratch}/taken.html'; name another place with --output or --plots\n`,
        );
    });

    it("ends where no folder can be made, as below /proc", () => {
        const refused = hopcost([file, "--output", "/proc/nowhere/y.html"]);
        assert.equal(refused.status, 2);
        assert.match(
            refused.stderr,
            /^hopcost: \/proc\/nowhere\/y\.html can't be written: ENOENT: .* --output or --plots\n$/,
        );
    });

    it("refuses results of a newer version and damaged ones, and writes nothing", () => {
        writeFileSync(file, JSON.stringify({ ...other, schemaVersion: 99 }));
        const newer = `${file}: hopcost ${other.hopcostVersion} wrote it with schema version 99, this hopcost reads schema version 3; update this hopcost`;
        assert.deepEqual(hopcost([file]), { status: 2, stdout: "", stderr: `hopcost: ${newer}\n` });
        writeFileSync(file, JSON.stringify(other).slice(0, 1000));
        const damaged = hopcost([file]);
        assert.equal(damaged.status, 2);
        assert.match(damaged.stderr, /other\.json: not JSON \(1000 characters\): .* repeat the run\n$/);
        assert.equal(existsSync(join(scratch, "other.html")), false);
    });

    it("reports 5,000 cells in less than 3 MB", () => {
        const large = largeResults();
        assert.equal(large.cells.length, 5005);
        writeFileSync(file, JSON.stringify(large));
        assert.equal(hopcost([file]).status, 0);
        const { size } = statSync(join(scratch, "other.html"));
        assert.ok(size < 3_000_000, `${size} bytes`);
    });
});
