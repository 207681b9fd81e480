import { join } from "node:path";
import type { Reading } from "../../model/reading.ts";
import type { Counters } from "../../model/trial.ts";
import { type BlockFigures, blockFiguresV1, blockFiguresV2 } from "./block-figures.ts";
import type { Cgroup } from "./cgroup.ts";
import { figure, type KernelText, textOf } from "./figure.ts";
import type { ReadText } from "./kernel-files.ts";

/** The figures of a cgroup. */
export type CgroupFigures = BlockFigures &
    Pick<Counters, "cpuSeconds" | "throttledPeriods" | "throttledSeconds" | "memoryBytes" | "memoryPeakBytes">;

/**
 * Reads a cgroup's use of processors, memory and block devices.
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html "Interface Files" of CPU, Memory and IO
 * @see https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html
 * @see https://docs.kernel.org/scheduler/sched-bwc.html "Statistics", for cpu.stat of version 1
 * @see https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
 */
export function cgroupFigures(cgroup: Reading<Cgroup>, read: ReadText): CgroupFigures {
    const { cpu, cpuacct, memory, io, version } = "unavailable" in cgroup ? nowhere(cgroup) : cgroup;
    const file = (folder: Reading<string>, name: string) => fileIn(folder, name, read);
    const stat = file(cpu, "cpu.stat");
    if (version === 2) {
        return {
            cpuSeconds: figure(stat, "usage_usec", 1e6),
            throttledPeriods: figure(stat, "nr_throttled"),
            throttledSeconds: figure(stat, "throttled_usec", 1e6),
            memoryBytes: figure(file(memory, "memory.current")),
            memoryPeakBytes: figure(file(memory, "memory.peak")),
            ...blockFiguresV2(file(io, "io.stat")),
        };
    }
    return {
        cpuSeconds: figure(file(cpuacct, "cpuacct.usage"), undefined, 1e9),
        throttledPeriods: figure(stat, "nr_throttled"),
        throttledSeconds: figure(stat, "throttled_time", 1e9),
        memoryBytes: figure(file(memory, "memory.usage_in_bytes")),
        memoryPeakBytes: figure(file(memory, "memory.max_usage_in_bytes")),
        ...blockFiguresV1(file(io, "blkio.throttle.io_service_bytes"), file(io, "blkio.throttle.io_serviced")),
    };
}

function nowhere(reason: { unavailable: string }): Cgroup {
    return { version: 2, cpu: reason, cpuacct: reason, memory: reason, io: reason };
}

function fileIn(folder: Reading<string>, name: string, read: ReadText): KernelText {
    if (typeof folder !== "string") return { path: name, text: folder };
    return textOf(read, join(folder, name), "missing: this kernel doesn't offer it, or the controller is off");
}
