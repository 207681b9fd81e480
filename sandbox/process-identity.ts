import { readFileSync } from "node:fs";

/**
 * Identifies one process permanently. A pid gets reused, at the latest after a reboot; with the start time and the boot
 * it is unique.
 */
export interface ProcessIdentity {
    pid: number;
    /** Start of the process in clock ticks after the boot; 0 without /proc. */
    startTicks: number;
    /** The kernel's random id of this boot; empty without /proc. */
    bootId: string;
}

/** The fields of /proc/PID/stat used here. */
export interface ProcessStat {
    /** One letter: R, S, D, Z, ... */
    state: string;
    startTicks: number;
}

/** Parses /proc/PID/stat, whose command can contain blanks and brackets. */
export function parseStat(stat: string): ProcessStat {
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startTicks: Number(fields[19]) };
}

/** The identity of the process with this pid, or undefined if there is none; a zombie counts as none. */
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

/** Whether this process still runs, and not another one with its pid. */
export function isAlive(identity: ProcessIdentity): boolean {
    const now = identityOf(identity.pid);
    return now !== undefined && now.startTicks === identity.startTicks && now.bootId === identity.bootId;
}

/** Whether a value read from a file is a process identity. */
export function isIdentity(value: unknown): value is ProcessIdentity {
    if (typeof value !== "object" || value === null) return false;
    const { pid, startTicks, bootId } = value as Partial<ProcessIdentity>;
    return Number.isInteger(pid) && typeof startTicks === "number" && typeof bootId === "string";
}

function bootId(): string {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
