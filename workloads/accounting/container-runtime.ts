import type { Reading } from "../../model/reading.ts";
import { type Mount, mountOf } from "./mounts.ts";

/** Folders that identify each runtime, wherever its data is; the first match wins. */
const runtimes: readonly [name: string, folder: RegExp][] = [
    // Docker can also store its images with containerd's code, in its own folder.
    ["docker", /\/docker\/(overlay2|containers|containerd|rootfs|btrfs|zfs)\//],
    ["containerd", /\/io\.containerd\./],
    ["podman", /\/\.local\/share\/containers\/storage\//],
    // Rootful Podman has the same folder, but runs no Pods of a kubelet.
    ["cri-o", /\/containers\/storage\//],
];

/**
 * Guesses the container runtime from its mounts: first from the root's layers, then from files such as /etc/hostname,
 * since CRI-O gives the layers relative paths.
 * @see https://docs.kernel.org/filesystems/overlayfs.html "Upper and Lower"
 */
export function containerRuntime(mounts: readonly Mount[]): Reading<string> {
    const root = mountOf(mounts, "/");
    if (root === undefined) return { unavailable: "/proc/self/mountinfo: no root" };
    const files = mounts.map((mount) => mount.root);
    for (const paths of [[root.root, ...root.superOptions], files]) {
        const found = runtimes.find(([, folder]) => paths.some((path) => folder.test(path)));
        if (found !== undefined) return found[0];
    }
    return { unavailable: `/proc/self/mountinfo: no mount identifies a runtime, the root is ${root.type}` };
}
