import type { Counters } from "../../model/trial.ts";
import { findCgroup } from "./cgroup.ts";
import { cgroupFigures } from "./cgroup-figures.ts";
import { type KernelFiles, kernelFiles } from "./kernel-files.ts";
import { networkFigures } from "./network-figures.ts";
import { processFigures } from "./process-figures.ts";

/**
 * Reads what a container has used so far: its cgroup, its measured process, the network of its Pod.
 *
 * The cgroups are found once, here. Each reading is synchronous, takes some tenths of a millisecond (a file
 * for each thread, and eight others) and never throws: a figure that the platform doesn't offer says why, and so do
 * those of a process that is gone. Reading is work too: a process that reads itself finds some 30 reads and 10 KiB of
 * the last reading in `reads` and `readBytes`.
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
