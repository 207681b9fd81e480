import { join, resolve } from "node:path";
import type { Reading } from "../../model/reading.ts";
import { figure, textOf } from "./figure.ts";
import type { ReadText } from "./kernel-files.ts";
import { isBelow, type Mount, parseMounts } from "./mounts.ts";

/** Folders of the container's own cgroup, by controller. */
export interface Cgroup {
    version: 1 | 2;
    cpu: Reading<string>;
    cpuacct: Reading<string>;
    memory: Reading<string>;
    /** Block devices: the controller `io` of version 2, `blkio` of version 1. */
    io: Reading<string>;
}

/** A line of /proc/self/cgroup; version 2 names no controllers. */
interface Group {
    controllers: string[];
    path: string;
}

/**
 * Finds the container's cgroups. In a container, /proc/self/cgroup can show the host's path, while the mount has the
 * container's group at its root: the part of the path that the mount hides is removed.
 * @param read gives /proc/self/cgroup and /proc/self/mountinfo
 * @see https://man7.org/linux/man-pages/man7/cgroups.7.html "/proc/pid/cgroup"
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html "Namespace"
 */
export function findCgroup(read: ReadText): Reading<Cgroup> {
    const mountinfo = textOf(read, "/proc/self/mountinfo").text;
    const own = textOf(read, "/proc/self/cgroup").text;
    if (typeof mountinfo !== "string") return mountinfo;
    if (typeof own !== "string") return own;
    const mounts = parseMounts(mountinfo);
    const groups = parseGroups(own);
    // A hybrid system mounts version 2 too, but its controllers, and so the figures, are in version 1.
    if (["cpu", "cpuacct", "memory", "blkio"].some((controller) => mountsOfV1(mounts, controller).length > 0)) {
        const folderOf = (controller: string): Reading<string> => {
            const group = groups.find(({ controllers }) => controllers.includes(controller));
            const mounted = mountsOfV1(mounts, controller);
            if (mounted.length === 0 || !group) return { unavailable: `no cgroup v1 controller ${controller}` };
            return folderIn(mounted, group.path);
        };
        const [cpu, cpuacct, memory] = [folderOf("cpu"), folderOf("cpuacct"), folderOf("memory")];
        return { version: 1, cpu, cpuacct, memory, io: folderOf("blkio") };
    }
    const unified = mounts.filter(({ type }) => type === "cgroup2");
    const group = groups.find(({ controllers }) => controllers.length === 0);
    if (unified.length === 0 || group === undefined) return { unavailable: "no cgroups are mounted" };
    const folder = folderIn(unified, group.path);
    return { version: 2, cpu: folder, cpuacct: folder, memory: folder, io: folder };
}

/** How many of the container's processes were OOM-killed; undefined if the kernel doesn't report it. */
export function readOomKills(cgroup: Reading<Cgroup>, read: ReadText): number | undefined {
    if ("unavailable" in cgroup || typeof cgroup.memory !== "string") return undefined;
    const file = cgroup.version === 2 ? "memory.events" : "memory.oom_control";
    const kills = figure(textOf(read, join(cgroup.memory, file)), "oom_kill");
    return typeof kills === "number" ? kills : undefined;
}

function mountsOfV1(mounts: readonly Mount[], controller: string): Mount[] {
    return mounts.filter(({ type, superOptions }) => type === "cgroup" && superOptions.includes(controller));
}

/** Folder of a group in the first mount of its hierarchy that contains it. */
function folderIn(mounts: readonly Mount[], path: string): Reading<string> {
    // A cgroup namespace shows groups outside of it as `..`: no folder here has that name.
    const mount = mounts.find(({ root }) => isBelow(path, root) && !`${root}${path}`.includes("/.."));
    if (mount !== undefined)
        return resolve(mount.mountPoint, `.${path.slice(mount.root === "/" ? 0 : mount.root.length)}`);
    const shown = mounts.map(({ root, mountPoint }) => `${root} at ${mountPoint}`).join(", ");
    return { unavailable: `no mount contains the cgroup ${path} (${shown})` };
}

function parseGroups(text: string): Group[] {
    return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
            const [, controllers = "", ...path] = line.split(":");
            return { controllers: controllers === "" ? [] : controllers.split(","), path: path.join(":") };
        });
}
