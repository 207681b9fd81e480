import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { SandboxError, UnfitHostError } from "./errors.ts";
import { type Say, sayWhile } from "./say.ts";

/** Properties of a machine that the sandbox depends on; tests use a fake one. */
export interface Host {
    platform: string;
    /** Effective user id; undefined if the platform has none. */
    uid: number | undefined;
}

/** This machine. */
export const thisHost: Host = { platform: process.platform, uid: process.geteuid?.() };

/** Commands that the sandbox starts, each with the Debian package it comes from. */
const commands: Readonly<Record<string, string>> = {
    ip: "iproute2",
    iptables: "iptables",
    ipset: "ipset",
    nft: "nftables",
    mount: "mount",
    umount: "mount",
    nsenter: "util-linux",
    unshare: "util-linux",
    setsid: "util-linux",
    ldd: "libc-bin",
};

const platformNames: Partial<Record<string, string>> = { darwin: "macOS", win32: "Windows" };

/** @throws UnfitHostError if this machine, or this user on it, can never run the sandbox */
export function refuseUnfitHost(host: Host = thisHost): void {
    if (host.platform !== "linux") {
        const name = platformNames[host.platform] ?? host.platform;
        throw new UnfitHostError(`the sandbox needs Linux, but this is ${name}; use another cluster`);
    }
    if (host.uid !== 0) {
        throw new UnfitHostError(
            `the sandbox needs root for its network and mounts, but this is user id ${host.uid}; run the command with sudo, or use another cluster`,
        );
    }
}

/** Path of a command, or undefined; also searches the folders for system commands if the PATH lacks them. */
export function findCommand(name: string, path: string = process.env.PATH ?? ""): string | undefined {
    for (const folder of [...path.split(delimiter), "/usr/sbin", "/sbin", "/usr/bin", "/bin"]) {
        try {
            const file = join(folder, name);
            accessSync(file, constants.X_OK);
            return file;
        } catch {
            // not in this folder
        }
    }
    return undefined;
}

/** Installs the Debian packages of the commands that are missing. */
export async function ensureCommands(say: Say): Promise<void> {
    const missing = Object.entries(commands).filter(([command]) => findCommand(command) === undefined);
    if (missing.length === 0) return;
    const packages = [...new Set(missing.map(([, name]) => name))];
    const names = missing.map(([command]) => command).join(", ");
    if (findCommand("apt-get") === undefined) {
        throw new SandboxError(
            `the sandbox needs ${names}, and there is no apt-get to install them; install the packages ${packages.join(", ")} and try again`,
        );
    }
    const install = (): Promise<unknown> => apt(["install", "--yes", "--no-install-recommends", ...packages]);
    await sayWhile(say, (elapsed) => `installing ${packages.join(", ")} with apt-get: ${elapsed}`, withLists(install));
}

/**
 * Runs work that needs apt's package lists; if it fails, updates the lists, which can be missing or old, and retries.
 */
export async function withLists(work: () => Promise<unknown>): Promise<void> {
    try {
        await work();
    } catch {
        await apt(["update"]);
        await work();
    }
}

/** Runs apt-get without questions. @throws SandboxError with the end of its output */
export async function apt(args: readonly string[], cwd?: string): Promise<void> {
    const env = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
    // A fresh machine might be updating itself: wait for its lock.
    const result = await execa("apt-get", ["-o", "DPkg::Lock::Timeout=120", ...args], {
        all: true,
        env,
        reject: false,
        ...(cwd === undefined ? {} : { cwd }),
    });
    if (result.failed) {
        const end = (result.all ?? "").trim().split("\n").slice(-3).join(" | ");
        throw new SandboxError(
            `apt-get ${args.join(" ")} failed: ${end}; check the machine's package sources and try again`,
        );
    }
}
