import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../cli/project.ts";
import { type Run, resultsOf, saveRun } from "../../cli/saved/run-folder.ts";
import { mainArms } from "../../model/arms.ts";
import type { Results } from "../../model/results.ts";
import { outline } from "../../report/findings/outline.ts";
import { calm, journalOf, planOf, slowedRun } from "../model/fixtures.ts";

/** Result files as a user has them, by file name, and a run's folder. */
export interface ResultFiles {
    scratch: string;
    /** `a`, `b` and `c` differ only by chance, `slow` has a volume 20% slower, `other` another kernel, `partial` a trial less. */
    file: Record<"a" | "b" | "c" | "slow" | "other" | "partial" | "broken", string>;
    /** A run of the same kind, with its raw trials. */
    folder: string;
    /** `b` as a stack output: the same run with fewer fields. */
    summarised: string;
    results: Results;
    remove(): void;
}

/** Writes them to a new folder. */
export function writeResultFiles(): ResultFiles {
    const scratch = mkdtempSync(join(tmpdir(), "hopcost-test-"));
    const runOf = (seed: number, trialsLess = 0): Run => {
        const plan = planOf({ runId: `run-${seed}` });
        const trials = journalOf(plan, calm, seed).slice(0, -trialsLess || undefined);
        return { plan, trials, injections: [], warnings: [] };
    };
    const [a, b, c, partial] = [runOf(1), runOf(2), runOf(3), runOf(4, 1)].map(resultsOf) as [
        Results,
        Results,
        Results,
        Results,
    ];
    const slow = slowedRun(b, 1.2, ({ arm }) => arm === mainArms.volume);
    const other = { ...b, environment: { ...b.environment, kernel: "6.2.0", cpus: 4 } };
    const texts = { a, b, c, slow, other, partial };
    const pathOf = (name: string) => join(scratch, `${name}.json`);
    for (const [name, results] of Object.entries(texts)) writeFileSync(pathOf(name), JSON.stringify(results));
    writeFileSync(pathOf("broken"), JSON.stringify(a).slice(0, 500));
    const summarised = pathOf("b-output");
    writeFileSync(summarised, JSON.stringify(outline(b, 4000)));
    const names = [...Object.keys(texts), "broken"].map((name) => [name, pathOf(name)]);
    return {
        scratch,
        file: Object.fromEntries(names),
        folder: saveRun(runOf(5), resultsOf(runOf(5)), scratch),
        summarised,
        results: a,
        remove: () => rmSync(scratch, { recursive: true, force: true }),
    };
}

/** Runs the command like a user. */
export function hopcost(...args: string[]) {
    const command = [join(projectRoot, "cli", "hopcost.mjs"), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
    return { status, stdout, stderr };
}
