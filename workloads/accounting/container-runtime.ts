import type { Reading } from "../../model/reading.ts";
import { type Mount, mountOf } from "./mounts.ts";

/** Folders by which each runtime is known, wherever its data is; the first that is found counts. */
const runtimes: readonly [name: string, folder: RegExp][] = [
    // Docker too may keep its images with containerd's code, in a folder of its own.
    ["docker", /\/docker\/(overlay2|containers|containerd|rootfs|btrfs|zfs)\//],
    ["containerd", /\/io\.containerd\./],
    ["podman", /\/\.local\/share\/containers\/storage\//],
    // Rootful Podman has the same folder, but runs no Pods of a kubelet.
    ["cri-o", /\/containers\/storage\//],
];

/**
 * Guesses what started this container from what it mounted: first from the layers of the root, then from files such as
 * /etc/hostname, since CRI-O names the layers by relative paths.
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
    return { unavailable: `/proc/self/mountinfo: no mount names a runtime, the root is a ${root.type}` };
}
