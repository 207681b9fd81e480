import { cpus } from "node:os";
import type { Reading } from "../../model/reading.ts";
import { findCgroup } from "../accounting/cgroup.ts";
import { cgroupFigures } from "../accounting/cgroup-figures.ts";
import { parseCpuTicks } from "../accounting/cpu-ticks.ts";
import { textOf } from "../accounting/figure.ts";
import { kernelFiles, type ReadText } from "../accounting/kernel-files.ts";
import type { MachineUsage, Usage } from "./api.ts";

/**
 * Reads what this container and its machine have used so far.
 * @param processors of the machine
 */
export function usageReader(read: ReadText = kernelFiles.read, processors: number = cpus().length): () => Usage {
    const cgroup = findCgroup(read);
    return () => {
        const { cpuSeconds, memoryBytes } = cgroupFigures(cgroup, read);
        return { cpuSeconds, memoryBytes, machine: machineUsage(read, processors) };
    };
}

/** @see https://docs.kernel.org/admin-guide/sysctl/kernel.html "random": `boot_id` is made once, when the kernel starts */
function machineUsage(read: ReadText, processors: number): Reading<MachineUsage> {
    const id = textOf(read, "/proc/sys/kernel/random/boot_id").text;
    const stat = textOf(read, "/proc/stat").text;
    if (typeof id !== "string") return id;
    if (typeof stat !== "string") return stat;
    const ticks = parseCpuTicks(stat);
    if ("unavailable" in ticks) return ticks;
    const { busy, idle, steal } = ticks;
    return { id: id.trim(), processors, busyTicks: busy, allTicks: busy + idle + steal };
}
