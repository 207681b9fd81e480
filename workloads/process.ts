import { existsSync } from "node:fs";
import { messageOf } from "../model/error.ts";

/** Node flags of every measured process, of both arms. None: a flag that users don't set would be a bias. */
export const nodeFlags: readonly string[] = [];

const shell = "/bin/sh";

/**
 * Ends this process at once. As PID 1 it becomes a shell that exits: Node 24 as PID 1 sometimes hung in `process.exit`
 * for minutes (while tearing down its threads), and PID 1 can't kill itself, because the kernel ignores its own
 * SIGKILL.
 */
export function endProcess(code: number): never {
    if (process.pid === 1 && process.execve !== undefined && existsSync(shell)) {
        process.execve(shell, [shell, "-c", `exit ${code}`], {});
    }
    process.exit(code);
}

/**
 * Calls `end` at the first SIGTERM or SIGINT, then ends the process; PID 1 has no default handlers.
 * @param deadlineMs milliseconds after the signal at which the process ends even if `end` isn't done; can be infinite
 */
export function onSignal(end: (signal: NodeJS.Signals) => Promise<void>, deadlineMs = 5000): void {
    let ending = false;
    const handle = (signal: NodeJS.Signals) => {
        if (ending) return;
        ending = true;
        if (Number.isFinite(deadlineMs)) setTimeout(() => endProcess(1), deadlineMs);
        end(signal).then(
            () => endProcess(0),
            (error) => {
                console.error(messageOf(error));
                endProcess(1);
            },
        );
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, handle);
}
