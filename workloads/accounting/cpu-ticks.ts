import type { Reading } from "../../model/reading.ts";
import { isCount, shortened } from "./figure.ts";

/** Total time of all processors since boot, in the kernel's ticks (usually 10 ms). */
export interface CpuTicks {
    /** user, nice, system, irq, softirq. */
    busy: number;
    /** idle, iowait. */
    idle: number;
    /** Time the hypervisor gave to others while a processor here had work. */
    steal: number;
}

/** Shares of the processors' time, each 0 to 1; the rest was idle. */
export interface CpuShares {
    busyFraction: number;
    stealFraction: number;
}

/**
 * Parses the line of all processors in /proc/stat. Guest time isn't added: user and nice include it.
 * @see https://docs.kernel.org/filesystems/proc.html "Miscellaneous kernel statistics in /proc/stat"
 */
export function parseCpuTicks(stat: string): Reading<CpuTicks> {
    const line = /^cpu +(.*)$/m.exec(stat)?.[1];
    if (line === undefined) return { unavailable: "/proc/stat: no cpu" };
    const ticks = line.trim().split(/ +/).slice(0, 8);
    if (ticks.length < 8 || !ticks.every(isCount)) {
        return { unavailable: `/proc/stat: "cpu ${shortened(line)}" does not have 8 figures` };
    }
    const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.map(Number) as Eight;
    return { busy: user + nice + system + irq + softirq, idle: idle + iowait, steal };
}

type Eight = [number, number, number, number, number, number, number, number];

/** Shares between two readings. iowait can decrease, says the kernel's documentation, so no part is less than 0. */
export function sharesBetween(before: CpuTicks, after: CpuTicks): Reading<CpuShares> {
    const busy = Math.max(0, after.busy - before.busy);
    const idle = Math.max(0, after.idle - before.idle);
    const steal = Math.max(0, after.steal - before.steal);
    const all = busy + idle + steal;
    if (all === 0) return { unavailable: "/proc/stat: no time has passed since the last reading" };
    return { busyFraction: busy / all, stealFraction: steal / all };
}
