import { readdirSync, readFileSync } from "node:fs";

/** Reads a file as text. @throws Error with the system's `code` if it can't */
export type ReadText = (path: string) => string;

/** The kernel's files below /proc and /sys, or a recorded tree of them. */
export interface KernelFiles {
    read: ReadText;
    /** Names in a folder. @throws Error with the system's `code` if it can't */
    list: (path: string) => string[];
}

/** Those of this machine. `readFileSync` with an encoding is one call into Node, about 10 us a file. */
export const kernelFiles: KernelFiles = {
    read: (path) => readFileSync(path, "utf8"),
    list: (path) => readdirSync(path),
};
