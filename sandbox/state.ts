import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { stateFile } from "./layout.ts";
import { isIdentity, type ProcessIdentity } from "./process-identity.ts";

/** What the sandbox remembers of itself between two commands. */
export interface SandboxState {
    /** First process of the control node. */
    holder: ProcessIdentity;
    /** Whether the start came to its end; else it was interrupted and is to be cleaned up. */
    complete: boolean;
}

/** Reads what was remembered; undefined if there is nothing or it is damaged. */
export function readState(path: string = stateFile): SandboxState | undefined {
    try {
        const parsed = JSON.parse(readFileSync(path, "utf8")) as Partial<SandboxState>;
        if (!isIdentity(parsed.holder)) return undefined;
        return { holder: parsed.holder, complete: parsed.complete === true };
    } catch {
        return undefined;
    }
}

/** Remembers; a reader sees the old content or the new, never a half. */
export function writeState(state: SandboxState, path: string = stateFile): void {
    writeFileSync(`${path}.draft`, JSON.stringify(state));
    renameSync(`${path}.draft`, path);
}
