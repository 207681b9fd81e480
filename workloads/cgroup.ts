import { join } from "node:path";
import type { Counters, Reading } from "../report/schema.ts";
import { isBelow, type Mount, parseMounts } from "./mounts.ts";

/** Reads a file as text. @throws where it can't */
export type ReadText = (path: string) => string;

/** Folders with the figures of the container's own control group. */
export interface Cgroup {
    version: 1 | 2;
    cpu: Reading<string>;
    cpuacct: Reading<string>;
    memory: Reading<string>;
}

/**
 * Finds the container's control groups. In a container the path in /proc/self/cgroup may be that of the host, while
 * the mount shows the container's group at its root: the part of the path that the mount hides is cut off.
 * @param read gives /proc/self/cgroup and /proc/self/mountinfo
 */
export function findCgroup(read: ReadText): Cgroup | { unavailable: string } {
    let mounts: Mount[];
    let groups: { controllers: string[]; path: string }[];
    try {
        mounts = parseMounts(read("/proc/self/mountinfo"));
        groups = parseGroups(read("/proc/self/cgroup"));
    } catch (error) {
        return { unavailable: `/proc/self can't be read: ${error instanceof Error ? error.message : error}` };
    }
    const folderOf = (controller: string): Reading<string> => {
        const mount = mounts.find(({ type, superOptions }) => type === "cgroup" && superOptions.includes(controller));
        const group = groups.find(({ controllers }) => controllers.includes(controller));
        if (mount === undefined || group === undefined) return { unavailable: `no cgroup v1 controller ${controller}` };
        return folderIn(mount, group.path);
    };
    const unified = mounts.find(({ type }) => type === "cgroup2");
    const own = groups.find(({ controllers }) => controllers.length === 0);
    const hybrid = mounts.some(({ type, superOptions }) => type === "cgroup" && superOptions.includes("memory"));
    if (unified !== undefined && own !== undefined && !hybrid) {
        const folder = folderIn(unified, own.path);
        return { version: 2, cpu: folder, cpuacct: folder, memory: folder };
    }
    if (!hybrid) return { unavailable: "no control groups are mounted" };
    return { version: 1, cpu: folderOf("cpu"), cpuacct: folderOf("cpuacct"), memory: folderOf("memory") };
}

function folderIn(mount: Mount, path: string): string {
    if (!isBelow(path, mount.root)) return mount.mountPoint;
    return join(mount.mountPoint, path.slice(mount.root === "/" ? 0 : mount.root.length));
}

function parseGroups(text: string): { controllers: string[]; path: string }[] {
    return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
            const [, controllers = "", ...path] = line.split(":");
            return { controllers: controllers === "" ? [] : controllers.split(","), path: path.join(":") };
        });
}

/** Reads a container's figures; what the platform doesn't offer says why. */
export function readCounters(cgroup: Cgroup | { unavailable: string }, read: ReadText): Counters {
    if ("unavailable" in cgroup) {
        const absent = { unavailable: cgroup.unavailable };
        return {
            cpuSeconds: absent,
            throttledPeriods: absent,
            throttledSeconds: absent,
            memoryBytes: absent,
            memoryPeakBytes: absent,
        };
    }
    const { cpu, cpuacct, memory } = cgroup;
    if (cgroup.version === 2) {
        return {
            cpuSeconds: figure(read, cpu, "cpu.stat", "usage_usec", 1e-6),
            throttledPeriods: figure(read, cpu, "cpu.stat", "nr_throttled"),
            throttledSeconds: figure(read, cpu, "cpu.stat", "throttled_usec", 1e-6),
            memoryBytes: figure(read, memory, "memory.current"),
            memoryPeakBytes: figure(read, memory, "memory.peak"),
        };
    }
    return {
        cpuSeconds: figure(read, cpuacct, "cpuacct.usage", undefined, 1e-9),
        throttledPeriods: figure(read, cpu, "cpu.stat", "nr_throttled"),
        throttledSeconds: figure(read, cpu, "cpu.stat", "throttled_time", 1e-9),
        memoryBytes: figure(read, memory, "memory.usage_in_bytes"),
        memoryPeakBytes: figure(read, memory, "memory.max_usage_in_bytes"),
    };
}

/** How many processes of the container the kernel has killed for memory; undefined where it doesn't say. */
export function readOomKills(cgroup: Cgroup | { unavailable: string }, read: ReadText): number | undefined {
    if ("unavailable" in cgroup) return undefined;
    const file = cgroup.version === 2 ? "memory.events" : "memory.oom_control";
    const kills = figure(read, cgroup.memory, file, "oom_kill");
    return typeof kills === "number" ? kills : undefined;
}

/** One number of a file: the only one, or that after `key` in a file of `key value` lines. */
function figure(read: ReadText, folder: Reading<string>, file: string, key?: string, unit = 1): Reading<number> {
    if (typeof folder !== "string") return folder;
    const path = join(folder, file);
    let text: string;
    try {
        text = read(path);
    } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : error;
        return { unavailable: `${path}: ${code === "ENOENT" ? "not offered by this kernel" : code}` };
    }
    const found = key === undefined ? text.trim() : new RegExp(`^${key} (\\S+)$`, "m").exec(text)?.[1];
    if (found === undefined) return { unavailable: `${path}: no ${key}` };
    return /^\d+$/.test(found) ? Number(found) * unit : { unavailable: `${path}: "${found}" is no number` };
}
