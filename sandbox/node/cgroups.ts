import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One mounted cgroup hierarchy. */
export interface Hierarchy {
    path: string;
    /** Whether it is the unified one (v2), which has no controllers on a hybrid machine. */
    unified: boolean;
}

/** The cgroup hierarchies in the text of /proc/mounts, without duplicates. */
export function parseHierarchies(mounts: string): Hierarchy[] {
    const found = new Map<string, Hierarchy>();
    for (const line of mounts.split("\n")) {
        const [, path, type] = line.split(" ");
        if (path === undefined || !path.startsWith("/sys/fs/cgroup")) continue;
        if (type === "cgroup" || type === "cgroup2") found.set(path, { path, unified: type === "cgroup2" });
    }
    return [...found.values()];
}

/** The cgroup hierarchies of this machine. */
export function hierarchies(): Hierarchy[] {
    return parseHierarchies(readFileSync("/proc/mounts", "utf8"));
}

/** Creates a cgroup in every hierarchy, ready for processes and for children with controllers. */
export function createCgroup(name: string): void {
    for (const { path, unified } of hierarchies()) {
        let folder = path;
        for (const part of name.split("/")) {
            if (unified) delegate(folder);
            const parent = folder;
            folder = join(folder, part);
            mkdirSync(folder, { recursive: true });
            copyCpuset(parent, folder);
        }
    }
}

/** Files that move a process into a cgroup when its pid is written to them. */
export function processFiles(name: string): string[] {
    return hierarchies().map(({ path }) => join(path, name, "cgroup.procs"));
}

/** Host pids of all processes in a cgroup and its children. */
export function processesIn(name: string): number[] {
    const pids = new Set<number>();
    for (const { path } of hierarchies()) {
        for (const folder of tree(join(path, name))) {
            for (const line of readIfThere(join(folder, "cgroup.procs")).split("\n")) {
                if (line !== "" && line !== "0") pids.add(Number(line));
            }
        }
    }
    return [...pids];
}

/** Memory charged to a cgroup and its children, in bytes; undefined if it isn't counted. */
export function memoryOf(name: string): number | undefined {
    for (const { path, unified } of hierarchies()) {
        const text = readIfThere(join(path, name, unified ? "memory.current" : "memory.usage_in_bytes"));
        if (text !== "") return Number(text);
    }
    return undefined;
}

/** Removes a cgroup and its children from every hierarchy. @returns the folders that still hold processes */
export function removeCgroup(name: string): string[] {
    const busy: string[] = [];
    for (const { path } of hierarchies()) {
        for (const folder of tree(join(path, name)).reverse()) {
            try {
                rmdirSync(folder);
            } catch (error) {
                if ((error as NodeJS.ErrnoException).code !== "ENOENT") busy.push(folder);
            }
        }
    }
    return busy;
}

/** A folder and all below it, parents first; empty if it does not exist. */
function tree(folder: string): string[] {
    if (!existsSync(folder)) return [];
    const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...children.flatMap((child) => tree(join(folder, child.name)))];
}

/**
 * v2: children get a controller only if the parent delegates it. Some can be unavailable; the kubelet reports those it
 * lacks.
 */
function delegate(folder: string): void {
    for (const controller of readIfThere(join(folder, "cgroup.controllers")).trim().split(" ")) {
        if (controller === "") continue;
        try {
            writeFileSync(join(folder, "cgroup.subtree_control"), `+${controller}`);
        } catch {
            // unavailable here
        }
    }
}

/** v1: a new cpuset is empty; processes can enter only after it has processors and memory nodes. */
function copyCpuset(parent: string, child: string): void {
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        if (readIfThere(join(child, file)).trim() !== "" || existsSync(join(child, "cgroup.type"))) continue;
        const value = readIfThere(join(parent, file)).trim();
        if (value !== "") writeFileSync(join(child, file), value);
    }
}

function readIfThere(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return "";
    }
}
