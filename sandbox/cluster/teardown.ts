import { existsSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { SandboxError } from "../errors.ts";
import { type NodeDescription, rootCgroup, stateFolder } from "../layout.ts";
import { processesIn, removeCgroup } from "../node/cgroups.ts";
import { removeBridge } from "../node/network.ts";
import { isAlive } from "../process-identity.ts";
import { forgetNode, readState } from "../state.ts";

const patienceMs = 20_000;

/**
 * Removes everything of the sandbox except the cache, whatever its state. Ends only its own processes: the holders,
 * identified by pid, start time and boot, and the processes in its cgroup.
 */
export async function tearDown(): Promise<void> {
    for (const { holder } of readState()) if (isAlive(holder)) kill(holder.pid);
    await endProcesses(rootCgroup);
    await unmountBelow(stateFolder);
    await removeBridge();
    await removeCgroups(rootCgroup);
    // Only now: while anything was mounted below it, this could have removed other files.
    rmSync(stateFolder, { recursive: true, force: true, maxRetries: 5 });
    removeIfEmpty(dirname(stateFolder));
}

/** Removes one node or its remains; its volumes' data stays. The other nodes keep running. */
export async function removeNode(node: NodeDescription): Promise<void> {
    await endProcesses(node.cgroup);
    await unmountBelow(node.folder);
    await removeCgroups(node.cgroup);
    rmSync(node.folder, { recursive: true, force: true, maxRetries: 5 });
    forgetNode(node.number);
}

/** Whether anything of the sandbox is on this machine. */
export function hasTraces(): boolean {
    return existsSync(stateFolder) || processesIn(rootCgroup).length > 0;
}

async function endProcesses(cgroup: string): Promise<void> {
    const end = performance.now() + patienceMs;
    for (;;) {
        const pids = processesIn(cgroup);
        if (pids.length === 0) return;
        if (performance.now() > end) {
            throw new SandboxError(
                `processes of the sandbox did not end within ${patienceMs / 1000} s: ${pids.join(", ")}; check what they wait for with "ps -o pid,stat,wchan,args -p ${pids.join(",")}", then run hopcost sandbox down again`,
            );
        }
        for (const pid of pids) kill(pid);
        await sleep(30);
    }
}

function kill(pid: number): void {
    try {
        process.kill(pid, "SIGKILL");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}

/** Mounts below a folder, deepest first, from the text of /proc/self/mountinfo. */
export function mountsBelow(folder: string, mountinfo: string): string[] {
    return mountinfo
        .split("\n")
        .map((line) =>
            (line.split(" ")[4] ?? "").replace(/\\([0-7]{3})/g, (_, code) =>
                String.fromCharCode(Number.parseInt(code, 8)),
            ),
        )
        .filter((path) => path === folder || path.startsWith(`${folder}/`))
        .sort((a, b) => b.length - a.length);
}

/** The nodes' mounts are in their own namespaces and end with them; this removes leaked ones. */
async function unmountBelow(folder: string): Promise<void> {
    for (const path of mountsBelow(folder, readFileSync("/proc/self/mountinfo", "utf8"))) {
        await execa("umount", ["--lazy", path], { reject: false });
    }
    const left = mountsBelow(folder, readFileSync("/proc/self/mountinfo", "utf8"));
    if (left.length > 0) {
        throw new SandboxError(
            `these mounts of the sandbox could not be removed: ${left.join(", ")}; unmount them and run hopcost sandbox down again`,
        );
    }
}

/** A cgroup stays busy for a moment after its last process has ended. */
async function removeCgroups(cgroup: string): Promise<void> {
    const end = performance.now() + patienceMs;
    for (;;) {
        const busy = removeCgroup(cgroup);
        if (busy.length === 0) return;
        if (performance.now() > end) {
            throw new SandboxError(
                `these cgroups of the sandbox could not be removed: ${busy.join(", ")}; run hopcost sandbox down again`,
            );
        }
        await sleep(30);
    }
}

function removeIfEmpty(folder: string): void {
    try {
        rmdirSync(folder);
    } catch {
        // not empty, or not there
    }
}
