import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { prometheusPrograms } from "../../../sandbox/images/prometheus.ts";
import { saysNothing } from "../../../sandbox/say.ts";

/** Output of promtool. */
export interface Judgement {
    accepted: boolean;
    output: string;
}

/** Runs the real promtool in a folder with these files; objects are written as YAML. */
export async function promtool(args: string[], files: Record<string, unknown>): Promise<Judgement> {
    const program = join(await prometheusPrograms(saysNothing), "promtool");
    const folder = mkdtempSync(join(tmpdir(), "hopcost-promtool-"));
    try {
        for (const [name, content] of Object.entries(files)) {
            writeFileSync(join(folder, name), typeof content === "string" ? content : stringify(content));
        }
        const { exitCode, all } = await execa(program, args, { cwd: folder, all: true, reject: false });
        return { accepted: exitCode === 0, output: all };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** Fails with promtool's output unless it accepts the files. */
export async function accepts(args: string[], files: Record<string, unknown>): Promise<void> {
    const { accepted, output } = await promtool(args, files);
    assert.ok(accepted, output);
}
