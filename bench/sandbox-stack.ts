import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../cli/project.ts";
import { runIds } from "../cli/saved/run-ids.ts";
import { backendOf } from "../cli/stack/stack.ts";
import { stackFileName } from "../cli/stack/stack-file.ts";
import { sandboxContext, sandboxKubeconfig, sandboxNodeImage, sandboxStatus } from "../sandbox/cluster/cluster.ts";

/**
 * A stack whose runs measure in the sandbox without looking after it: its context has another name, because a run in the
 * sandbox restarts what a benchmark stopped.
 */
export class SandboxStack {
    /** Where its runs are started, and saved below `results/`. */
    readonly folder: string;
    private readonly name: string;
    private readonly file: string;

    /** @param config keys of the stack file, beside those of the target and the image */
    constructor(name: string, config: Record<string, unknown>) {
        this.name = name;
        this.folder = mkdtempSync(join(tmpdir(), "hopcost-bench-"));
        const kubeconfig = join(this.folder, "kubeconfig");
        const renamed = readFileSync(sandboxKubeconfig, "utf8").replaceAll(sandboxContext, "bench");
        writeFileSync(kubeconfig, renamed, { mode: 0o600 });
        this.file = join(projectRoot, stackFileName(name));
        const target = { "kubernetes:context": "bench", "kubernetes:kubeconfig": kubeconfig };
        writeFileSync(this.file, stringify({ config: { ...target, "hopcost:image": sandboxNodeImage, ...config } }));
        mkdirSync(join(this.folder, "state"));
    }

    /** What starts a run of this stack. */
    get command(): { file: string; args: string[]; options: { cwd: string; env: Record<string, string> } } {
        const args = [join(projectRoot, "cli", "hopcost.mjs"), "run", "--stack", this.name];
        const env = backendOf({ state: join(this.folder, "state") });
        return { file: process.execPath, args, options: { cwd: this.folder, env } };
    }

    /** Folder of the newest saved run; undefined if there is none. */
    get newestRun(): string | undefined {
        const results = join(this.folder, "results");
        const [newest] = runIds(results);
        return newest === undefined ? undefined : join(results, newest);
    }

    /** Removes its files and its saved runs, but nothing that is deployed. */
    remove(): void {
        rmSync(this.file, { force: true });
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Kills a program of the sandbox's control node. */
export async function killProgram(name: string): Promise<void> {
    const { processes } = await sandboxStatus();
    const pid = processes.find((one) => one.name === name)?.pid;
    if (pid !== undefined) process.kill(pid, "SIGKILL");
}
