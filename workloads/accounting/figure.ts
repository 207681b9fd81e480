import type { Reading } from "../../model/reading.ts";
import type { ReadText } from "./kernel-files.ts";

/** What a file of the kernel says, with its path for the reasons of what it doesn't say. */
export interface KernelText {
    path: string;
    text: Reading<string>;
}

/**
 * Reads a file; where it can't, its text says why.
 * @param absent what to say of one that does not exist
 */
export function textOf(read: ReadText, path: string, absent = "not there"): KernelText {
    try {
        return { path, text: read(path) };
    } catch (error) {
        return { path, text: { unavailable: `${path}: ${whyNot(error, absent)}` } };
    }
}

/** Why a file or folder of the kernel can't be read, for people. A read of a process that has ended says ESRCH. */
export function whyNot(error: unknown, absent = "not there"): string {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ESRCH") return absent;
    return error instanceof Error ? String(code ?? error.message) : String(error);
}

/**
 * One figure of a file: the number after `key` in lines `key value` or `key: value`, or all there is without a key.
 * @param perUnit how many of the kernel's units one of ours has, e.g. 1e6 for microseconds
 */
export function figure({ path, text }: KernelText, key?: string, perUnit = 1): Reading<number> {
    if (typeof text !== "string") return text;
    const found = key === undefined ? text.trim() : valueAfter(text, key);
    if (found === undefined) return { unavailable: `${path}: no ${key}` };
    return isCount(found) ? Number(found) / perUnit : { unavailable: `${path}: "${shortened(found)}" is no number` };
}

/** Whether a text is a figure as the kernel writes it, of at most 64 bits. */
export function isCount(text: string): boolean {
    return /^\d{1,20}$/.test(text);
}

/** A text from a file in a reason: reasons end up in every journal entry. */
export function shortened(text: string): string {
    return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

function valueAfter(text: string, key: string): string | undefined {
    return new RegExp(`^${key}:?[ \\t]+(\\S+)$`, "m").exec(text)?.[1];
}
