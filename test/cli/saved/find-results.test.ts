import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { projectRoot } from "../../../cli/project.ts";
import { allResultsAt, resultsAt } from "../../../cli/saved/find-results.ts";
import { type Run, resultsOf, saveRun } from "../../../cli/saved/run-folder.ts";
import { CommandError } from "../../../cli/terminal/exit.ts";
import { ReportError } from "../../../model/error.ts";
import { journalOf, planOf } from "../../model/fixtures.ts";

describe("resultsAt", () => {
    let scratch: string;
    let folder: string;
    const plan = planOf();
    const run: Run = { plan, trials: journalOf(plan), injections: [], warnings: [] };
    const results = resultsOf(run);
    before(() => {
        scratch = mkdtempSync(join(tmpdir(), "hopcost-test-"));
        folder = saveRun(run, results, scratch);
    });
    after(() => rmSync(scratch, { recursive: true, force: true }));

    it("computes a folder's results from its raw trials, whatever its results.json says", () => {
        writeFileSync(join(folder, "results.json"), "{}");
        assert.deepEqual(resultsAt(folder), { results, source: folder });
    });

    it("takes a file's as they are", () => {
        const source = join(scratch, "from-stack-output.json");
        writeFileSync(source, JSON.stringify({ ...results, summary: "as it was written" }));
        assert.deepEqual(resultsAt(source), { results: { ...results, summary: "as it was written" }, source });
    });

    it("takes a file that another tool gave a byte order mark and lines that end with CRLF", () => {
        const source = join(scratch, "from-windows.json");
        writeFileSync(source, `\ufeff${JSON.stringify(results, undefined, 2).replaceAll("\n", "\r\n")}`);
        assert.deepEqual(resultsAt(source), { results, source });
    });

    it("takes a file in UTF-16, as PowerShell writes it", () => {
        const source = join(scratch, "from-powershell.json");
        const little = Buffer.from(`\ufeff${JSON.stringify(results)}`, "utf16le");
        for (const bytes of [little, Buffer.from(little).swap16()]) {
            writeFileSync(source, bytes);
            assert.deepEqual(resultsAt(source), { results, source });
        }
    });

    it("takes all outputs of a stack, and the list that report prints of several runs", () => {
        const source = join(scratch, "outputs.json");
        writeFileSync(source, JSON.stringify({ context: "kind", results, runId: "1", summary: "" }));
        assert.deepEqual(resultsAt(source), { results, source });
        const other = { ...results, runId: "run-2" };
        writeFileSync(source, JSON.stringify([results, other]));
        assert.deepEqual(
            allResultsAt(source).map((saved) => saved.results),
            [results, other],
        );
        assert.throws(
            () => resultsAt(source),
            (error) => error instanceof CommandError && /has the results of 2 runs, expected one/.test(error.message),
        );
    });

    it("reads standard input for -", () => {
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "report", "-", "--json"];
        const input = JSON.stringify(results);
        const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8", input });
        assert.deepEqual(JSON.parse(stdout), results, stderr);
    });

    it("refuses to read standard input a second time", () => {
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "compare", "-", "-"];
        const { status, stderr } = spawnSync(process.execPath, command, {
            encoding: "utf8",
            input: JSON.stringify(results),
        });
        assert.equal(status, 2);
        assert.match(stderr, /^hopcost: standard input \(-\) can be read only once; name a file instead\n$/);
    });

    it("waits for standard input that comes late and in pieces, as that of pulumi does", async () => {
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "report", "-", "--json"];
        const input = JSON.stringify(results);
        const { stdin, stdout, stderr } = spawn(process.execPath, command);
        const printed = Promise.all([text(stdout), text(stderr)]);
        await setTimeout(1000); // long enough for the command to start reading
        stdin.write(input.slice(0, 1000));
        await setTimeout(200);
        stdin.end(input.slice(1000));
        assert.deepEqual(await printed, [`${JSON.stringify(results, undefined, 2)}\n`, ""]);
    }).timeout(10_000);

    it("keeps what another version with the same schema wrote beside it, and warns that it can't be shown", () => {
        const source = join(scratch, "other.json");
        const other = { ...results, hopcostVersion: "0.9.0", energy: { joules: 1 } };
        const warning = "hopcost 0.9.0 also wrote energy, which this version can't show.";
        const expected = { ...other, warnings: [...results.warnings, warning] };
        writeFileSync(source, JSON.stringify(other));
        assert.deepEqual(resultsAt(source).results, expected);
        writeFileSync(source, JSON.stringify(expected));
        assert.deepEqual(resultsAt(source).results, expected);
    });

    it("refuses a file that is damaged or of a newer version, naming the file and the reason", () => {
        for (const [text, reason] of [
            [JSON.stringify(results).slice(0, 500), /newer\.json: not JSON \(500 characters\): .* repeat the run$/],
            ['{"schemaVersion":4}', /newer\.json: a newer hopcost wrote it with schema version 4, this hopcost reads /],
            ["[{}]", /newer\.json: schemaVersion is absent, so hopcost did not write it; this/],
            ['{"results":7}', /newer\.json: schemaVersion is absent, so hopcost did not write it; this/],
            ["null", /newer\.json: schemaVersion is absent, so hopcost did not write it; this/],
            ["{}", /newer\.json: schemaVersion is absent, so hopcost did not write it; this/],
        ] as const) {
            const source = join(scratch, "newer.json");
            writeFileSync(source, text);
            assert.throws(
                () => resultsAt(source),
                (error) => error instanceof ReportError && reason.test(error.message),
            );
        }
    });

    it("takes the newest run by default, whatever else lies there", () => {
        writeFileSync(join(scratch, "zz-notes.html"), "");
        assert.deepEqual(resultsAt(undefined, scratch), { results, source: folder });
        assert.throws(() => resultsAt(undefined, join(scratch, "none")), /none has no runs yet; measure one/);
    });

    it("refuses what is not there", () => {
        assert.throws(
            () => resultsAt("no-such-run"),
            (error) =>
                error instanceof CommandError && /no-such-run is not a run \(no plan\.json\)/.test(error.message),
        );
    });
});
