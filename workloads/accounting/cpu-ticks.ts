import type { Reading } from "../../model/reading.ts";
import { isCount, shortened } from "./figure.ts";

/** Time of all processors together since boot, in the kernel's ticks (of 10 ms mostly). */
export interface CpuTicks {
    /** user, nice, system, irq, softirq. */
    busy: number;
    /** idle, iowait. */
    idle: number;
    /** What the hypervisor gave to others while a processor here had work. */
    steal: number;
}

/** What the processors' time went to, each 0 to 1; the rest was idle. */
export interface CpuShares {
    busyFraction: number;
    stealFraction: number;
}

/**
 * Reads the line of all processors of /proc/stat. Guest time is not added: it is in user and nice already.
 * @see https://docs.kernel.org/filesystems/proc.html "Miscellaneous kernel statistics in /proc/stat"
 */
export function parseCpuTicks(stat: string): Reading<CpuTicks> {
    const line = /^cpu +(.*)$/m.exec(stat)?.[1];
    if (line === undefined) return { unavailable: "/proc/stat: no cpu" };
    const ticks = line.trim().split(/ +/).slice(0, 8);
    if (ticks.length < 8 || !ticks.every(isCount)) {
        return { unavailable: `/proc/stat: "cpu ${shortened(line)}" has no 8 figures` };
    }
    const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.map(Number) as Eight;
    return { busy: user + nice + system + irq + softirq, idle: idle + iowait, steal };
}

type Eight = [number, number, number, number, number, number, number, number];

/** What happened between two readings. The kernel says of iowait that it may shrink: no part is less than 0. */
export function sharesBetween(before: CpuTicks, after: CpuTicks): Reading<CpuShares> {
    const busy = Math.max(0, after.busy - before.busy);
    const idle = Math.max(0, after.idle - before.idle);
    const steal = Math.max(0, after.steal - before.steal);
    const all = busy + idle + steal;
    if (all === 0) return { unavailable: "/proc/stat: no time has passed since the last reading" };
    return { busyFraction: busy / all, stealFraction: steal / all };
}
