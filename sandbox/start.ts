import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { callApi, createObject } from "./api-client.ts";
import { cacheRoot } from "./cache.ts";
import { type Credentials, makeCertificates } from "./certificates.ts";
import { clusterObjects, corednsDeployment } from "./cluster-objects.ts";
import { type Program, startOrder } from "./components.ts";
import { reasonOf } from "./errors.ts";
import { readCredentials, whyNotReady } from "./health.ts";
import { binFolder, controlNode, logFolder } from "./layout.ts";
import { createBridge } from "./network.ts";
import { openNode, type RunningNode, startContainerd, startProgram, waitUntil } from "./node.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { formatElapsed, type Say } from "./say.ts";
import { writeState } from "./state.ts";

/** Enough for a start on a machine that is busy with other things; an idle one takes a tenth of it. */
const startSeconds = 120;

/** What the cache holds for a start of the sandbox. */
export interface Programs {
    /** Folder with the Kubernetes binary under all its names. */
    kubernetes: string;
    /** Folder with the pause program. */
    pause: string;
    /** Folder with containerd, runc and the CNI plugins. */
    runtime: string;
    /** The archive with the images. */
    images: string;
}

/** Starts the sandbox on a machine that has nothing of it, and waits until it can take a Pod: about seven seconds. */
export async function startSandbox(programs: Programs, say: Say): Promise<void> {
    const step = stepper("starting the sandbox", say);
    step("network and namespaces");
    const bindings = { kubernetes: programs.kubernetes, runtime: programs.runtime, images: dirname(programs.images) };
    for (const name of Object.keys(bindings)) mkdirSync(join(binFolder, name), { recursive: true });
    mkdirSync(logFolder, { recursive: true });
    await createBridge();
    const certificates = heard(makeCertificates(controlNode, programs.kubernetes));
    const node = await openNode(controlNode, { pause: join(programs.pause, "pause"), bindings }, (holder) =>
        writeState({ holder, complete: false }),
    );
    const images = heard(startContainerd(node, join(binFolder, "images", "images.tar")));
    await startProgram("etcd", node);
    const credentials = await certificates;
    step("API server");
    await startProgram("kube-apiserver", node);
    await waitForApi(credentials);
    step("node and cluster DNS");
    await startAll(["kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet"], node);
    for (const { path, object } of clusterObjects) await createObject(credentials, path, object);
    await images; // before the first Pod, which would otherwise be told that its image cannot be pulled
    await createObject(credentials, corednsDeployment.path, corednsDeployment.object);
    await waitForCluster(credentials, node.holder, startSeconds);
    writeState({ holder: node.holder, complete: true });
    step("ready");
}

/** Starts those programs again that have ended, and waits until the cluster is whole. What was deployed stays. */
export async function repairSandbox(holder: ProcessIdentity, missing: readonly string[], say: Say): Promise<void> {
    const step = stepper("mending the sandbox", say);
    const programs = startOrder.filter((program) => missing.includes(program));
    const node = { description: controlNode, holder };
    for (const program of programs) {
        step(`${program} had ended`);
        await startProgram(program, node);
    }
    await waitForCluster(readCredentials(), holder, 30);
    step("ready");
}

/** Copies the logs of a start that failed into the cache, out of the way of the clean-up. @returns the folder */
export function keepLogs(): string {
    const kept = join(cacheRoot(), "logs", "sandbox");
    rmSync(kept, { recursive: true, force: true });
    if (existsSync(logFolder)) cpSync(logFolder, kept, { recursive: true });
    return kept;
}

async function waitForApi(credentials: Credentials): Promise<void> {
    await waitUntil("the API server", startSeconds, async () => {
        const { status } = await callApi(credentials, "GET", "/readyz");
        return status === 200;
    });
}

async function waitForCluster(credentials: Credentials, holder: ProcessIdentity, seconds: number): Promise<void> {
    await waitUntil("the cluster", seconds, async () => {
        const reason = await whyNotReady(credentials, holder);
        if (reason !== undefined) throw new Error(reason);
        return true;
    });
}

async function startAll(programs: readonly Program[], node: RunningNode): Promise<void> {
    await Promise.all(programs.map((program) => startProgram(program, node)));
}

/** For a promise that is awaited later: its failure in the meantime is not "unhandled". */
function heard<T>(promise: Promise<T>): Promise<T> {
    promise.catch(reasonOf);
    return promise;
}

function stepper(task: string, say: Say): (what: string) => void {
    const begin = performance.now();
    return (what) => say(`${task}: ${what} (${formatElapsed(performance.now() - begin)})`);
}
