import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../report/plan.ts";
import type { Block, Results } from "../report/schema.ts";
import { resultsTable } from "../report/table.ts";
import { resultsFolder } from "./project.ts";

/**
 * Saves a run: `results.json`; what it was computed from, `plan.json` and the raw `blocks/NNNN.json`, each with its
 * checksum beside it; and the table as `table.txt`.
 * @returns the folder, `results/<run id>`
 */
export function saveRun(results: Results, plan: Plan, blocks: readonly Block[], folder = resultsFolder): string {
    const target = join(folder, results.runId);
    mkdirSync(join(target, "blocks"), { recursive: true });
    for (const block of blocks) {
        const text = JSON.stringify(block);
        const path = join(target, "blocks", `${String(block.index).padStart(4, "0")}.json`);
        writeWhole(path, text);
        writeWhole(`${path}.sha256`, `${createHash("sha256").update(text).digest("hex")}\n`);
    }
    writeWhole(join(target, "plan.json"), `${JSON.stringify(plan, undefined, 2)}\n`);
    writeWhole(join(target, "table.txt"), `${results.summary}\n\n${resultsTable(results)}\n`);
    writeWhole(join(target, "results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
    return target;
}

/** A reader sees the old file or the new one, never half of it. */
function writeWhole(path: string, text: string): void {
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
}
