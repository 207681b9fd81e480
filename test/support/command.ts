import { spawn } from "node:child_process";
import { join } from "node:path";

/** Output and exit code of a command. */
export interface Ended {
    code: number | null;
    stdout: string;
    stderr: string;
}

/** A running command; `ended` never rejects. */
export interface Running {
    pid: number;
    /** Undefined if it ends without one. */
    firstLine: Promise<string | undefined>;
    /** What it printed so far. */
    output: Readonly<Pick<Ended, "stdout" | "stderr">>;
    ended: Promise<Ended>;
}

/** Starts a command with its output collected. */
export function start(command: string, args: string[], cwd: string, env: Record<string, string> = {}): Running {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data) => (output.stdout += data));
    child.stderr.on("data", (data) => (output.stderr += data));
    const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, ...output })));
    const firstLine = new Promise<string | undefined>((resolve) => {
        const look = () => output.stdout.includes("\n") && resolve(output.stdout.split("\n", 1)[0]);
        child.stdout.on("data", look);
        child.on("close", () => resolve(undefined));
    });
    return { pid: child.pid ?? -1, firstLine, output, ended };
}

/** The `hopcost` command of a checkout. */
export function hopcost(folder: string, ...args: string[]): Running {
    return start(process.execPath, [join(folder, "cli", "hopcost.mjs"), ...args], folder);
}
