import { mem } from "systeminformation/lib/memory.js";
import { messageOf } from "../../model/error.ts";
import type { Reading } from "../../model/reading.ts";
import type { HostContext } from "../../model/trial.ts";
import { type CpuTicks, parseCpuTicks, sharesBetween } from "./cpu-ticks.ts";
import { shortened, textOf } from "./figure.ts";
import { kernelFiles, type ReadText } from "./kernel-files.ts";

/**
 * Load of this container's machine since the last call, at first since the agent started. Only for between cells: it
 * takes milliseconds of processor time.
 */
export const hostContext = hostContextReader(kernelFiles.read, async () => (await mem()).available);

/**
 * Creates a {@link hostContext} whose first call covers the time from now.
 *
 * Available memory comes from systeminformation's `memory.js`: the whole package is 7 times as large, and the code must
 * fit in a ConfigMap. Its `currentLoad` isn't used: it starts `cat` and `grep`, which containers can lack, never counts
 * steal time (it expects one line per processor and gets one more), and leaves out softirq, which does the network's
 * work. So the processors' times come from /proc/stat directly.
 * @param availableBytes memory still available to programs, bytes
 * @see https://docs.kernel.org/filesystems/proc.html "Miscellaneous kernel statistics in /proc/stat"
 */
export function hostContextReader(
    read: ReadText,
    availableBytes: () => Promise<number>,
): () => Promise<Reading<HostContext>> {
    let last = readTicks(read);
    return async () => {
        const ticks = readTicks(read);
        const before = last;
        last = ticks;
        const load1 = readLoad(read);
        const memoryAvailableBytes = await readMemory(availableBytes);
        if ("unavailable" in before) return before;
        if ("unavailable" in ticks) return ticks;
        if (typeof load1 !== "number") return load1;
        if (typeof memoryAvailableBytes !== "number") return memoryAvailableBytes;
        const shares = sharesBetween(before, ticks);
        return "unavailable" in shares ? shares : { load1, ...shares, memoryAvailableBytes };
    };
}

function readTicks(read: ReadText): Reading<CpuTicks> {
    const { text } = textOf(read, "/proc/stat");
    return typeof text === "string" ? parseCpuTicks(text) : text;
}

/** The first figure of /proc/loadavg: the load average over a minute. */
function readLoad(read: ReadText): Reading<number> {
    const { text } = textOf(read, "/proc/loadavg");
    if (typeof text !== "string") return text;
    const load = /^\d+\.\d+(?= )/.exec(text)?.[0];
    return load === undefined
        ? { unavailable: `/proc/loadavg: "${shortened(text.trim())}" has no load` }
        : Number(load);
}

async function readMemory(availableBytes: () => Promise<number>): Promise<Reading<number>> {
    try {
        const bytes = await availableBytes();
        return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : { unavailable: `/proc/meminfo: ${bytes} available` };
    } catch (error) {
        return { unavailable: `/proc/meminfo: ${messageOf(error)}` };
    }
}
