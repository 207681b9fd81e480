import type { Counters } from "../../model/trial.ts";
import { findCgroup } from "./cgroup.ts";
import { cgroupFigures } from "./cgroup-figures.ts";
import { type KernelFiles, kernelFiles } from "./kernel-files.ts";
import { networkFigures } from "./network-figures.ts";
import { processFigures } from "./process-figures.ts";

/**
 * Reads a container's usage so far: its cgroup, its measured process, its Pod's network.
 *
 * The cgroups are found once, here. Each reading is synchronous, takes some tenths of a millisecond (one file per
 * thread, and eight others) and never throws: a figure that the platform doesn't offer, or whose process has ended,
 * contains the reason. Reading counts too: in a process that reads its own counters, the last reading adds some 30
 * reads and 10 KiB to `reads` and `readBytes`.
 * @param pid the measured process, in this container
 */
export function counterReader(pid: number, files: KernelFiles = kernelFiles): () => Counters {
    const cgroup = findCgroup(files.read);
    return () => ({
        ...cgroupFigures(cgroup, files.read),
        ...processFigures(pid, files),
        ...networkFigures(pid, files.read),
    });
}
