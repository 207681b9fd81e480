import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing. Node's own recursive `mkdirSync` never ends below /proc.
 * @param mode of each folder that it makes @default what the umask leaves
 * @throws Error of the file system
 */
export function makeFolder(path: string, mode?: number): void {
    if (existsSync(path)) return;
    makeFolder(dirname(path), mode);
    try {
        mkdirSync(path, mode);
    } catch (error) {
        if (!existsSync(path)) throw error; // another process may have made it since
    }
}
