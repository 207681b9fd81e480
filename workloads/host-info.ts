import { cpus, release } from "node:os";
import type { Info, Reading } from "../report/schema.ts";
import type { Cgroup, ReadText } from "./cgroup.ts";
import { mountOf, parseMounts } from "./mounts.ts";
import type { Role, ServerSettings } from "./settings.ts";

/** Where and on what this container runs. */
export function hostInfo(
    role: Role,
    settings: ServerSettings,
    bootId: string,
    cgroup: Cgroup | { unavailable: string },
    read: ReadText,
): Info {
    const processors = cpus();
    return {
        role,
        bootId,
        nodeName: settings.nodeName,
        podName: settings.podName,
        nodeVersion: process.version,
        kernel: release(),
        cpuModel: processors[0]?.model ?? "unknown",
        cpus: processors.length,
        cgroupVersion: "unavailable" in cgroup ? cgroup : cgroup.version,
        ...(role === "writer" || role === "reader" ? { volumeFileSystem: fileSystemOf(settings.volume, read) } : {}),
    };
}

function fileSystemOf(volume: string, read: ReadText): Reading<string> {
    try {
        const mount = mountOf(parseMounts(read("/proc/self/mountinfo")), volume);
        return mount?.type ?? { unavailable: `${volume} is in no mount of /proc/self/mountinfo` };
    } catch (error) {
        return { unavailable: `/proc/self/mountinfo: ${error instanceof Error ? error.message : error}` };
    }
}
