import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { saveResults } from "../../components/saved-results.ts";
import { plan, resultsOf } from "./fixtures.ts";
import { settled, startRecording, theOne } from "./mocks.ts";

describe("saveResults", () => {
    it("creates a folder and writes the results into it", async () => {
        await startRecording();
        const folder = mkdtempSync(join(tmpdir(), "hopcost-report-"));
        try {
            await saveResults("report", {
                folder: join(folder, "new", "one"),
                results: pulumi.output(resultsOf(plan)),
            });
            await settled();
            const { create, interpreter, environment, stdin } = theOne("command:local:Command", "report").inputs;
            const [program, ...args] = interpreter;
            assert.equal(program, "node");
            execFileSync(process.execPath, [...args, create], { input: stdin, env: environment });
            const written = readFileSync(join(folder, "new", "one", "results.json"), "utf8");
            assert.deepEqual(JSON.parse(written), resultsOf(plan));
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});
