import type { Reading } from "../../model/reading.ts";
import type { ReadText } from "./kernel-files.ts";

/** Content of a kernel file, with its path for error reasons. */
export interface KernelText {
    path: string;
    text: Reading<string>;
}

/**
 * Reads a file; if it can't, the text is the reason.
 * @param absent reason if it doesn't exist
 */
export function textOf(read: ReadText, path: string, absent = "missing"): KernelText {
    try {
        return { path, text: read(path) };
    } catch (error) {
        return { path, text: { unavailable: `${path}: ${whyNot(error, absent)}` } };
    }
}

/** Why a kernel file or folder can't be read, for people. Reading a process that has ended fails with ESRCH. */
export function whyNot(error: unknown, absent = "missing"): string {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ESRCH") return absent;
    return error instanceof Error ? String(code ?? error.message) : String(error);
}

/**
 * One figure of a file: the number after `key` in lines `key value` or `key: value`; without a key, the whole file.
 * @param perUnit number of kernel units in one of ours, e.g. 1e6 for microseconds
 */
export function figure({ path, text }: KernelText, key?: string, perUnit = 1): Reading<number> {
    if (typeof text !== "string") return text;
    const found = key === undefined ? text.trim() : valueAfter(text, key);
    if (found === undefined) return { unavailable: `${path}: no ${key}` };
    return isCount(found) ? Number(found) / perUnit : { unavailable: `${path}: "${shortened(found)}" is not a number` };
}

/** Whether a text is a figure as the kernel writes it, at most 64 bits. */
export function isCount(text: string): boolean {
    return /^\d{1,20}$/.test(text);
}

/** A file's text, shortened for a reason: every journal entry contains the reasons. */
export function shortened(text: string): string {
    return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

function valueAfter(text: string, key: string): string | undefined {
    return new RegExp(`^${key}:?[ \\t]+(\\S+)$`, "m").exec(text)?.[1];
}
