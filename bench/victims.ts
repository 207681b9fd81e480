import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { quoted } from "../cli/terminal/shell-word.ts";
import { sandboxKubeconfig } from "../sandbox/cluster/cluster.ts";
import { binFolder, controlNode } from "../sandbox/layout.ts";
import { inNode } from "../sandbox/node/namespaces.ts";
import { containerdSocket } from "../sandbox/node/node-files.ts";
import { readState } from "../sandbox/state.ts";
import type { SandboxStack } from "./sandbox-stack.ts";

/** Programs of the node, which all runs lose at once. */
export const nodePrograms = ["kube-apiserver", "kubelet", "containerd", "kube-proxy"] as const;
/** Parts of one run: its containers, the command with all that it started, and the terminal that the command runs in. */
const ofRun = ["driver", "sender", "receiver", "reader", "command", "terminal"] as const;
/** What is killed. */
export const victims = [...nodePrograms, ...ofRun];
export type Victim = (typeof victims)[number];

/** Whether a victim belongs to the node. */
export function isOfNode(victim: Victim): victim is (typeof nodePrograms)[number] {
    return (nodePrograms as readonly string[]).includes(victim);
}

/** A client of the sandbox. */
export function sandboxCore(): CoreV1Api {
    const config = new KubeConfig();
    config.loadFromFile(sandboxKubeconfig);
    return config.makeApiClient(CoreV1Api);
}

/** Starts a run. @param inTerminal in a terminal of its own */
export function startRun({ command: { file, args, options } }: SandboxStack, inTerminal: boolean): ChildProcess {
    const settings = { cwd: options.cwd, env: { ...process.env, ...options.env } };
    if (!inTerminal) return spawn(file, args, { ...settings, stdio: ["ignore", "ignore", "pipe"] });
    const line = `exec ${[file, ...args].map(quoted).join(" ")}`;
    return spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], { ...settings, stdio: "ignore" });
}

/** Kills the container of a run with SIGKILL. @returns false if it isn't running */
export async function killContainer(core: CoreV1Api, namespace: string, name: string): Promise<boolean> {
    const { items } = await core.listNamespacedPod({ namespace });
    const found = items
        .flatMap(({ status }) => status?.containerStatuses ?? [])
        .find((one) => one.name === name && one.state?.running !== undefined);
    const id = found?.containerID?.replace("containerd://", "");
    const [control] = readState();
    if (id === undefined || control === undefined) return false;
    const ctr = [join(binFolder, "runtime", "ctr"), "--address", containerdSocket, "--namespace", "k8s.io"];
    const kill = [...ctr, "tasks", "kill", "--signal", "SIGKILL", id];
    return await inNode(controlNode, control.holder, kill).then(
        () => true,
        () => false,
    );
}

/** Kills a process and all that it started. */
export function killTree(pid: number): void {
    for (const one of [pid, ...descendantsOf(pid)]) {
        try {
            process.kill(one, "SIGKILL");
        } catch {
            // It has ended by itself.
        }
    }
}

/** The processes that a process started, and those that they started. */
export function descendantsOf(pid: number): number[] {
    const lines = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    const parents = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
    const below = (parent: number): number[] =>
        parents.flatMap(([child, of]) => (of === parent ? [child, ...below(child)] : []));
    return below(pid);
}
