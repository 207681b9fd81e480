import { cpus, release } from "node:os";
import type { Volume } from "../../model/arms.ts";
import type { Reading } from "../../model/reading.ts";
import type { Info } from "../../model/trial.ts";
import type { Role } from "../settings.ts";
import type { Cgroup } from "./cgroup.ts";
import { containerRuntime } from "./container-runtime.ts";
import { textOf, whyNot } from "./figure.ts";
import { type KernelFiles, kernelFiles } from "./kernel-files.ts";
import { mountOf, parseMounts } from "./mounts.ts";

/** What a container is told about itself. */
export interface HostInfoSettings {
    nodeName: string;
    podName: string;
    podIp: string;
    /** Where the shared volumes are mounted, where they are. */
    volumes: Record<Volume, string>;
}

/** Where and on what this container runs. */
export function hostInfo(
    role: Role,
    { nodeName, podName, podIp, volumes }: HostInfoSettings,
    bootId: string,
    cgroup: Reading<Cgroup>,
    files: KernelFiles = kernelFiles,
): Info {
    const processors = cpus();
    const mountinfo = textOf(files.read, "/proc/self/mountinfo").text;
    return {
        role,
        bootId,
        nodeName,
        podName,
        podIp,
        nodeVersion: process.version,
        kernel: release(),
        cpuModel: processors[0]?.model ?? "unknown",
        cpus: processors.length,
        cgroupVersion: "unavailable" in cgroup ? cgroup : cgroup.version,
        containerRuntime: typeof mountinfo === "string" ? containerRuntime(parseMounts(mountinfo)) : mountinfo,
        mitigations: mitigations(files),
        ...(role === "writer" || role === "reader" ? { volumes: fileSystems(volumes, mountinfo, files) } : {}),
    };
}

/**
 * What the kernel does about each vulnerability of the processor, which makes system calls dearer.
 * @see https://docs.kernel.org/admin-guide/hw-vuln/index.html
 */
function mitigations({ read, list }: KernelFiles): Info["mitigations"] {
    const folder = "/sys/devices/system/cpu/vulnerabilities";
    try {
        return Object.fromEntries(
            list(folder)
                .sort()
                .map((name) => [name, read(`${folder}/${name}`).trim()]),
        );
    } catch (error) {
        return { unavailable: `${folder}: ${whyNot(error)}` };
    }
}

/** The file system of each volume that is there. */
function fileSystems(volumes: Record<Volume, string>, mountinfo: Reading<string>, { list }: KernelFiles) {
    const present = Object.entries(volumes).filter(([, folder]) => isThere(folder, list));
    return Object.fromEntries(present.map(([name, folder]) => [name, fileSystemOf(folder, mountinfo)]));
}

/** A folder that can't be listed for another reason is there. */
function isThere(folder: string, list: KernelFiles["list"]): boolean {
    try {
        list(folder);
        return true;
    } catch (error) {
        return whyNot(error, "") !== "";
    }
}

function fileSystemOf(folder: string, mountinfo: Reading<string>): Reading<string> {
    if (typeof mountinfo !== "string") return mountinfo;
    const mount = mountOf(parseMounts(mountinfo), folder);
    return mount?.type ?? { unavailable: `${folder} is in no mount of /proc/self/mountinfo` };
}
