import { cpus, release } from "node:os";
import type { Volume } from "../../model/arms.ts";
import type { Reading } from "../../model/reading.ts";
import type { MeasuredRole } from "../../model/roles.ts";
import type { Info } from "../../model/trial.ts";
import type { Cgroup } from "./cgroup.ts";
import { containerRuntime } from "./container-runtime.ts";
import { textOf, whyNot } from "./figure.ts";
import { type KernelFiles, kernelFiles } from "./kernel-files.ts";
import { mountOf, parseMounts } from "./mounts.ts";

/** What a container knows about itself from its environment. */
export interface HostInfoSettings {
    nodeName: string;
    podName: string;
    podIp: string;
    /** Mount paths of the shared volumes; not all need be mounted. */
    volumes: Record<Volume, string>;
}

/** Node, hardware and software that this container runs on. */
export function hostInfo(
    role: MeasuredRole,
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
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        cpus: processors.length,
        cgroupVersion: "unavailable" in cgroup ? cgroup : cgroup.version,
        containerRuntime: typeof mountinfo === "string" ? containerRuntime(parseMounts(mountinfo)) : mountinfo,
        mitigations: mitigations(files),
        ...(role === "writer" || role === "reader" ? { volumes: fileSystems(volumes, mountinfo, files) } : {}),
    };
}

/**
 * The kernel's mitigations of the processor's vulnerabilities, which make system calls more expensive.
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

/** File system of each mounted volume. */
function fileSystems(volumes: Record<Volume, string>, mountinfo: Reading<string>, { list }: KernelFiles) {
    const present = Object.entries(volumes).filter(([, folder]) => isThere(folder, list));
    return Object.fromEntries(present.map(([name, folder]) => [name, fileSystemOf(folder, mountinfo)]));
}

/** A folder that exists but can't be listed counts as there. */
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
    return mount?.type ?? { unavailable: `no mount in /proc/self/mountinfo contains ${folder}` };
}
