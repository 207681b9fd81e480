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
 * Reads what a process has read and written, in bytes and calls, and how often its threads gave up the processor.
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

/** The status of each thread: that of the process has the switches of its main thread only. */
function threadTexts(folder: string, files: KernelFiles): Reading<KernelText[]> {
    try {
        const texts = files.list(folder).map((thread) => textOf(files.read, `${folder}/${thread}/status`));
        // A thread may end between the listing and the reading; its switches are lost with it.
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
