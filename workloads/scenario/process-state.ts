import { readFileSync } from "node:fs";

/** The state of a process by `/proc/PID/stat`, e.g. `S`, or `T` if it is stopped. @throws Error if there is no such process */
export function stateOf(pid: number): string {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before it is in parentheses, and can contain any character.
    return text.slice(text.lastIndexOf(")") + 2, text.lastIndexOf(")") + 3);
}
