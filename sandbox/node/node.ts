import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf, SandboxError } from "../errors.ts";
import { binFolder, describeNode, type NodeDescription } from "../layout.ts";
import type { ProcessIdentity } from "../process-identity.ts";
import { type NodeState, rememberNode } from "../state.ts";
import { commandLine, type Program, writeNodeFiles } from "./components.ts";
import { type Bindings, holdNamespaces, inNode, setUpInside, startInNode } from "./namespaces.ts";
import { connectControlNode, connectWorker } from "./network.ts";
import { containerdSocket, snapshotterFor } from "./node-files.ts";

/** A node whose namespaces exist. */
export interface RunningNode {
    description: NodeDescription;
    /** Its first process; everything on the node ends with it. */
    holder: ProcessIdentity;
    /** Whether kube-router runs on it, which enforces NetworkPolicies. */
    enforces: boolean;
}

/** A node from its saved state. */
export function remembered({ number, family, holder, enforces }: NodeState): RunningNode {
    return { description: describeNode(number, family), holder, enforces };
}

/** Saves the state of a node. @param complete whether it has started completely */
export function saveNode({ description, holder, enforces }: RunningNode, complete: boolean): void {
    rememberNode({ number: description.number, family: description.family, holder, enforces, complete });
}

/**
 * Creates a node's namespaces, contents and link. No program runs in it yet; its state is saved as incomplete.
 * @param control the control node; undefined if this is it
 */
export async function openNode(
    description: NodeDescription,
    programs: { pause: readonly string[]; bindings: Bindings },
    control?: RunningNode,
): Promise<RunningNode> {
    writeNodeFiles(description);
    const holder = await holdNamespaces(description, programs.pause);
    const node = { description, holder, enforces: "kube-router" in programs.bindings };
    saveNode(node, false);
    if (control === undefined) await connectControlNode(holder.pid);
    else await connectWorker(description, holder.pid, control.holder.pid);
    await setUpInside(description, holder, programs.bindings);
    return node;
}

/** Starts one of the cluster's programs on a node and leaves it running. */
export async function startProgram(program: Program, node: RunningNode): Promise<void> {
    await startInNode(node.description, node.holder, commandLine(program, node.description));
}

/** Starts containerd on a node and waits until it listens. */
export async function startContainerd(node: RunningNode): Promise<void> {
    await startProgram("containerd", node);
    const socket = `/proc/${node.holder.pid}/root${containerdSocket}`;
    await waitUntil(`containerd on ${node.description.name}`, 20, async () => existsSync(socket));
}

/** Loads the images of an archive into a node. @param archive path inside the node */
export async function importImages(node: RunningNode, archive: string): Promise<void> {
    const unpack = ["--snapshotter", snapshotterFor(node.description.folder)];
    const ctr = [join(binFolder, "runtime", "ctr"), "--address", containerdSocket, "--namespace", "k8s.io"];
    await inNode(node.description, node.holder, [...ctr, "images", "import", ...unpack, archive]);
}

/**
 * Waits until a condition holds, checking ten times a second.
 * @param what name of what is awaited, e.g. `the API server`
 * @throws SandboxError after `seconds`, with the condition's last error
 */
export async function waitUntil(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + seconds * 1000;
    let last = "";
    while (performance.now() < end) {
        try {
            if (await holds()) return;
            last = "";
        } catch (error) {
            last = `: ${reasonOf(error)}`;
        }
        await sleep(100);
    }
    throw new SandboxError(`${what} was not ready within ${seconds} s${last}`);
}
