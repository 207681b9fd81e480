import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { type CacheEntry, cached, keyOf } from "./cache.ts";
import { reasonOf, SandboxError } from "./errors.ts";
import { apt, findCommand, withLists } from "./host.ts";
import { type Say, sayWhile } from "./say.ts";

const packages = ["containerd", "runc", "containernetworking-plugins"];
/** What is taken out of the packages: the rest (service units, manual pages) has no place here. */
const programs = [
    "usr/bin/containerd",
    "usr/bin/containerd-shim-runc-v2",
    "usr/bin/ctr",
    "usr/sbin/runc",
    "usr/lib/cni/host-local",
    "usr/lib/cni/loopback",
    "usr/lib/cni/portmap",
    "usr/lib/cni/ptp",
];

/**
 * The folder with containerd, runc and the CNI plugins of Debian. They are taken out of their packages and not
 * installed, so that no containerd service appears on the machine.
 */
export async function containerRuntime(say: Say): Promise<string> {
    const entry: CacheEntry = {
        name: `container-runtime-${keyOf([...packages, ...programs, process.arch])}`,
        what: "getting containerd from Debian packages",
        make: async (folder) => {
            if (findCommand("apt-get") === undefined || findCommand("dpkg-deb") === undefined) {
                throw new SandboxError(
                    `the sandbox takes containerd and runc out of Debian packages and there is no apt-get here; use minikube or k3d with --stack minikube or --stack k3d`,
                );
            }
            const line = (elapsed: string): string => `getting ${packages.join(", ")} from Debian packages: ${elapsed}`;
            await sayWhile(say, line, extract(folder));
        },
    };
    return cached(entry, say);
}

async function extract(folder: string): Promise<void> {
    const work = join(folder, "packages");
    const tree = join(work, "tree");
    mkdirSync(tree, { recursive: true });
    await withLists(() => apt(["download", ...packages], work));
    for (const file of readdirSync(work).filter((name) => name.endsWith(".deb"))) {
        await execa("dpkg-deb", ["-x", join(work, file), tree]);
    }
    for (const program of programs) {
        try {
            copyFileSync(join(tree, program), join(folder, basename(program)));
        } catch (error) {
            throw new SandboxError(
                `the Debian packages ${packages.join(", ")} hold no ${program} (${reasonOf(error)}); hopcost was written for those of Debian 12, use minikube or k3d here`,
                { cause: error },
            );
        }
        chmodSync(join(folder, basename(program)), 0o755);
    }
    rmSync(work, { recursive: true });
}
