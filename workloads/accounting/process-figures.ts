import type { Reading } from "../../model/reading.ts";
import type { Counters } from "../../model/trial.ts";
import { figure, type KernelText, textOf, whyNot } from "./figure.ts";
import type { KernelFiles } from "./kernel-files.ts";

/** The figures of a process. */
export type ProcessFigures = Pick<
    Counters,
    "readBytes" | "writeBytes" | "reads" | "writes" | "voluntarySwitches" | "involuntarySwitches"
>;

/**
 * Reads a process's reads and writes, in bytes and calls, and its threads' context switches.
 * @see https://docs.kernel.org/filesystems/proc.html "/proc/<pid>/io - Display the IO accounting fields"
 */
export function processFigures(pid: number, files: KernelFiles): ProcessFigures {
    const io = textOf(files.read, `/proc/${pid}/io`);
    const threads = threadTexts(`/proc/${pid}/task`, files);
    return {
        readBytes: figure(io, "rchar"),
        writeBytes: figure(io, "wchar"),
        reads: figure(io, "syscr"),
        writes: figure(io, "syscw"),
        voluntarySwitches: sumOver(threads, "voluntary_ctxt_switches"),
        involuntarySwitches: sumOver(threads, "nonvoluntary_ctxt_switches"),
    };
}

/** The status of each thread: the process's own status counts only its main thread's switches. */
function threadTexts(folder: string, files: KernelFiles): Reading<KernelText[]> {
    try {
        const texts = files.list(folder).map((thread) => textOf(files.read, `${folder}/${thread}/status`));
        // A thread can end between the listing and the reading; its switches are lost.
        const alive = texts.filter(({ text }) => typeof text === "string");
        return alive.length > 0 ? alive : { unavailable: `${folder}: no thread can be read` };
    } catch (error) {
        return { unavailable: `${folder}: ${whyNot(error)}` };
    }
}

function sumOver(threads: Reading<KernelText[]>, key: string): Reading<number> {
    if (!Array.isArray(threads)) return threads;
    let sum = 0;
    for (const thread of threads) {
        const switches = figure(thread, key);
        if (typeof switches !== "number") return switches;
        sum += switches;
    }
    return sum;
}
