import { mem } from "systeminformation/lib/memory.js";
import type { Reading } from "../../model/reading.ts";
import type { HostContext } from "../../model/trial.ts";
import { messageOf } from "../process.ts";
import { type CpuTicks, parseCpuTicks, sharesBetween } from "./cpu-ticks.ts";
import { shortened, textOf } from "./figure.ts";
import { kernelFiles, type ReadText } from "./kernel-files.ts";

/**
 * The machine around this container since the last call; the first time since the agent started. For between
 * cells: it takes milliseconds of processor time.
 */
export const hostContext = hostContextReader(kernelFiles.read, async () => (await mem()).available);

/**
 * Makes a {@link hostContext}, whose first call covers the time since now.
 *
 * Available memory comes from systeminformation, by its `memory.js` alone: all of the package is 7 times as large, and
 * the code has to fit into a ConfigMap. Its `currentLoad` is not used: it starts `cat` and `grep`, which a container may
 * not have, never counts steal time (it expects as many lines as processors and gets one more), and leaves out
 * softirq, which is where the network's work is done. So the processors' times come from /proc/stat itself.
 * @param availableBytes memory that programs could still have, bytes
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
