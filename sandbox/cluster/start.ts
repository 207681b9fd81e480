import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "../errors.ts";
import { imageArchives } from "../images/images.ts";
import { binFolder, controlNode, describeNode, logFolder, type NodeDescription } from "../layout.ts";
import { type Credentials, makeCertificates, makeKubeletKubeconfig } from "../node/certificates.ts";
import { type Program, startOrder } from "../node/components.ts";
import { createBridge } from "../node/network.ts";
import { importImages, openNode, type RunningNode, startContainerd, startProgram, waitUntil } from "../node/node.ts";
import { type Say, stepper } from "../say.ts";
import { rememberNode } from "../state.ts";
import { cacheRoot } from "../toolchain/cache.ts";
import { callApi, createObject, deleteObject } from "./api-client.ts";
import { clusterObjects, corednsDeployment } from "./cluster-objects.ts";
import { missingOf, nodePath, programsOn, readCredentials, waitForCluster } from "./health.ts";
import { metricsServerObjects } from "./metrics-server.ts";
import { removeNode } from "./teardown.ts";
import { storageClass } from "./volumes.ts";

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
    /** Folder with the archives of images. */
    images: string;
}

/**
 * Starts the sandbox with its control node on a machine that has nothing of it, and waits until it can take a Pod: about
 * seven seconds.
 */
export async function startSandbox(programs: Programs, say: Say): Promise<RunningNode> {
    const step = stepper("starting the sandbox", say);
    step("network and namespaces");
    mkdirSync(logFolder, { recursive: true });
    await createBridge();
    const certificates = heard(makeCertificates(controlNode, programs.kubernetes));
    const node = await open(controlNode, programs);
    const images = startImages(node);
    await startProgram("etcd", node);
    const credentials = await certificates;
    step("API server");
    await startProgram("kube-apiserver", node);
    await makeKubeletKubeconfig(controlNode, programs.kubernetes);
    await waitForApi(credentials);
    step("node and cluster DNS");
    await startAll(["kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet"], node);
    for (const { path, object } of [...clusterObjects, storageClass]) await createObject(credentials, path, object);
    await images.cluster; // before the first Pod, which would otherwise be told that its image cannot be pulled
    for (const { path, object } of [corednsDeployment, ...metricsServerObjects]) {
        await createObject(credentials, path, object);
    }
    await waitForCluster(credentials, [node], startSeconds);
    await images.workloads;
    rememberNode({ number: controlNode.number, holder: node.holder, complete: true });
    step("ready");
    return node;
}

/**
 * Adds a node to the running sandbox and waits until it can take a Pod. What may be left of a node with that number, one
 * that has died or whose start was interrupted, is removed first.
 * @param control the control node
 */
export async function addNode(number: number, control: RunningNode, programs: Programs, say: Say): Promise<void> {
    const description = describeNode(number);
    const step = stepper(`adding ${description.name} to the sandbox`, say);
    step("network and namespaces");
    await dropNode(description);
    const node = await open(description, programs, control);
    await makeKubeletKubeconfig(description, programs.kubernetes);
    step("container images");
    const images = startImages(node);
    await images.cluster;
    step("node");
    await startAll(["kube-proxy", "kubelet"], node);
    await waitForCluster(readCredentials(), [control, node], startSeconds);
    await images.workloads;
    rememberNode({ number, holder: node.holder, complete: true });
    step("ready");
}

/** Removes a node, or what there is of it, from the machine and from the cluster, which goes on without it. */
export async function dropNode(node: NodeDescription): Promise<void> {
    await removeNode(node);
    // Else what it reported last would be taken for the state of the next node with its name.
    await deleteObject(readCredentials(), nodePath(node.name));
}

/** Starts those programs again that have ended, and waits until the cluster is whole. What was deployed stays. */
export async function repairSandbox(nodes: readonly RunningNode[], say: Say): Promise<void> {
    const step = stepper("mending the sandbox", say);
    const ended = missingOf(programsOn(nodes));
    for (const program of startOrder) {
        for (const { node } of ended.filter(({ name }) => name === program)) {
            step(`${program} on ${node.description.name} had ended`);
            await startProgram(program, node);
        }
    }
    await waitForCluster(readCredentials(), nodes, 30);
    step("ready");
}

/** Copies the logs of a start that failed into the cache, out of the way of the clean-up. @returns the folder */
export function keepLogs(): string {
    const kept = join(cacheRoot(), "logs", "sandbox");
    rmSync(kept, { recursive: true, force: true });
    if (existsSync(logFolder)) cpSync(logFolder, kept, { recursive: true });
    return kept;
}

function open(description: NodeDescription, programs: Programs, control?: RunningNode): Promise<RunningNode> {
    const bindings = { kubernetes: programs.kubernetes, runtime: programs.runtime, images: programs.images };
    for (const name of Object.keys(bindings)) mkdirSync(join(binFolder, name), { recursive: true });
    return openNode(description, { pause: join(programs.pause, "pause"), bindings }, control);
}

/** Starts containerd on a node and gives it the images: those of the workloads last, for the cluster can start without. */
function startImages(node: RunningNode): Record<keyof typeof imageArchives, Promise<void>> {
    const load = (name: keyof typeof imageArchives) =>
        importImages(node, join(binFolder, "images", imageArchives[name]));
    const cluster = heard(startContainerd(node).then(() => load("cluster")));
    return { cluster, workloads: heard(cluster.then(() => load("workloads"))) };
}

async function waitForApi(credentials: Credentials): Promise<void> {
    await waitUntil("the API server", startSeconds, async () => {
        const { status } = await callApi(credentials, "GET", "/readyz");
        return status === 200;
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
