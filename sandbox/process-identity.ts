import { readFileSync } from "node:fs";

/**
 * Names one process for good. A pid alone is given to another process sooner or later, at the latest after a reboot;
 * together with its start time and the boot it is unique.
 */
export interface ProcessIdentity {
    pid: number;
    /** Start of the process in clock ticks after the boot; 0 where there is no /proc. */
    startTicks: number;
    /** The kernel's random id of this boot; empty where there is no /proc. */
    bootId: string;
}

/** What /proc/PID/stat says that matters here. */
export interface ProcessStat {
    /** One letter: R, S, D, Z, ... */
    state: string;
    startTicks: number;
}

/** Parses /proc/PID/stat; the command in it may hold blanks and brackets of its own. */
export function parseStat(stat: string): ProcessStat {
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startTicks: Number(fields[19]) };
}

/** The identity of the process that has this pid now, or undefined if none has; a zombie has ended and counts as none. */
export function identityOf(pid: number): ProcessIdentity | undefined {
    try {
        if (process.platform !== "linux") {
            process.kill(pid, 0);
            return { pid, startTicks: 0, bootId: "" };
        }
        const stat = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
        if (stat.state === "Z" || stat.state === "X") return undefined;
        return { pid, startTicks: stat.startTicks, bootId: bootId() };
    } catch {
        return undefined; // no such process
    }
}

/** Is it this very process that still runs, and not another with its pid? */
export function isAlive(identity: ProcessIdentity): boolean {
    const now = identityOf(identity.pid);
    return now !== undefined && now.startTicks === identity.startTicks && now.bootId === identity.bootId;
}

/** Is the value a process identity, as read back from a file? */
export function isIdentity(value: unknown): value is ProcessIdentity {
    if (typeof value !== "object" || value === null) return false;
    const { pid, startTicks, bootId } = value as Partial<ProcessIdentity>;
    return Number.isInteger(pid) && typeof startTicks === "number" && typeof bootId === "string";
}

function bootId(): string {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
