import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "../errors.ts";
import { imageArchives } from "../images/images.ts";
import { binFolder, controlNode, describeNode, type IpFamily, logFolder, type NodeDescription } from "../layout.ts";
import { type Credentials, makeCertificates, makeKubeletKubeconfig } from "../node/certificates.ts";
import { type Program, startOrder } from "../node/components.ts";
import { createBridge } from "../node/network.ts";
import {
    importImages,
    openNode,
    type RunningNode,
    saveNode,
    startContainerd,
    startProgram,
    waitUntil,
} from "../node/node.ts";
import { type Say, stepper } from "../say.ts";
import { cacheRoot } from "../toolchain/cache.ts";
import { callApi, createObject, deleteObject } from "./api-client.ts";
import { clusterObjects, corednsDeployment } from "./cluster-objects.ts";
import { missingOf, nodePath, programsOn, readCredentials, waitForCluster } from "./health.ts";
import { metricsServerObjects } from "./metrics-server.ts";
import { removeNode } from "./teardown.ts";
import { storageClass } from "./volumes.ts";

/** Enough for a start on a busy machine; an idle one takes a tenth of it. */
const startSeconds = 120;

/** Folders in the cache that a start of the sandbox needs. */
export interface Programs {
    /** Folder with the programs of Kubernetes, etcd and CoreDNS. */
    kubernetes: string;
    /** Folder with metrics-server; without it the cluster has no metrics API. */
    metricsServer: string | undefined;
    /** Folder with kube-router; without it NetworkPolicies are not enforced. */
    kubeRouter: string | undefined;
    /** Folder with containerd, runc, the CNI plugins and catatonit. */
    runtime: string;
    /** Folder with the archives of images. */
    images: string;
}

/**
 * Starts the sandbox's control node on a clean machine, and waits until it can run Pods: about seven seconds.
 */
export async function startSandbox(programs: Programs, family: IpFamily, say: Say): Promise<RunningNode> {
    const description = describeNode(controlNode.number, family);
    const step = stepper("starting the sandbox", say);
    step("network and namespaces");
    mkdirSync(logFolder, { recursive: true });
    await createBridge(family);
    const certificates = awaitedLater(makeCertificates(description, programs.kubernetes));
    const node = await open(description, programs);
    const images = startImages(node);
    await startProgram("etcd", node);
    const credentials = await certificates;
    step("API server");
    await startProgram("kube-apiserver", node);
    await makeKubeletKubeconfig(description, programs.kubernetes);
    await waitForApi(credentials);
    step("node and cluster DNS");
    await startAll(["kube-controller-manager", "kube-scheduler", ...networkPrograms(node), "kubelet"], node);
    for (const { path, object } of [...clusterObjects(family), storageClass])
        await createObject(credentials, path, object);
    await images.cluster; // before the first Pod, which would otherwise fail to pull its image
    for (const { path, object } of [
        corednsDeployment,
        ...(programs.metricsServer === undefined ? [] : metricsServerObjects),
    ]) {
        await createObject(credentials, path, object);
    }
    await waitForCluster(credentials, [node], startSeconds);
    await images.workloads;
    saveNode(node, true);
    step("ready");
    return node;
}

/**
 * Adds a node to the running sandbox and waits until it can run Pods. Remains of a dead or interrupted node with that
 * number are removed first.
 * @param control the control node
 */
export async function addNode(number: number, control: RunningNode, programs: Programs, say: Say): Promise<void> {
    const { family } = control.description;
    const description = describeNode(number, family);
    const step = stepper(`adding ${description.name} to the sandbox`, say);
    step("network and namespaces");
    await dropNode(description);
    const node = await open(description, programs, control);
    await makeKubeletKubeconfig(description, programs.kubernetes);
    step("container images");
    const images = startImages(node);
    await images.cluster;
    step("node");
    await startAll([...networkPrograms(node), "kubelet"], node);
    await waitForCluster(readCredentials(), [control, node], startSeconds);
    await images.workloads;
    saveNode(node, true);
    step("ready");
}

/** Removes a node, or its remains, from the machine and from the cluster, which continues without it. */
export async function dropNode(node: NodeDescription): Promise<void> {
    await removeNode(node);
    // Otherwise its last report would count as the state of the next node with its name.
    await deleteObject(readCredentials(), nodePath(node.name));
}

/** Restarts programs that have ended, and waits until the cluster is healthy. Deployed objects stay. */
export async function repairSandbox(nodes: readonly RunningNode[], say: Say): Promise<void> {
    const step = stepper("repairing the sandbox", say);
    const ended = missingOf(programsOn(nodes));
    for (const program of startOrder) {
        for (const { node } of ended.filter(({ name }) => name === program)) {
            step(`${program} on ${node.description.name} had ended`);
            await startProgram(program, node);
        }
    }
    await waitForCluster(readCredentials(), nodes, startSeconds / 2);
    step("ready");
}

/** Copies the logs of a failed start into the cache, before the clean-up deletes them. @returns the folder */
export function keepLogs(): string {
    const kept = join(cacheRoot(), "logs", "sandbox");
    rmSync(kept, { recursive: true, force: true });
    if (existsSync(logFolder)) cpSync(logFolder, kept, { recursive: true });
    return kept;
}

function open(description: NodeDescription, programs: Programs, control?: RunningNode): Promise<RunningNode> {
    const { kubernetes, kubeRouter, runtime, images } = programs;
    const bindings = { kubernetes, ...(kubeRouter && { "kube-router": kubeRouter }), runtime, images };
    for (const name of Object.keys(bindings)) mkdirSync(join(binFolder, name), { recursive: true });
    return openNode(description, { pause: [join(runtime, "catatonit"), "-P"], bindings }, control);
}

/** Starts containerd on a node and loads the images: the workloads' last, since the cluster can start without them. */
function startImages(node: RunningNode): Record<keyof typeof imageArchives, Promise<void>> {
    const load = (name: keyof typeof imageArchives) =>
        importImages(node, join(binFolder, "images", imageArchives[name]));
    const cluster = awaitedLater(startContainerd(node).then(() => load("cluster")));
    return { cluster, workloads: awaitedLater(cluster.then(() => load("workloads"))) };
}

/** Waits until the API server is ready, which takes longer on a busy machine. */
export async function waitForApi(credentials: Credentials): Promise<void> {
    await waitUntil("the API server", startSeconds, async () => {
        const { status } = await callApi(credentials, "GET", "/readyz");
        return status === 200;
    });
}

function networkPrograms({ enforces }: RunningNode): Program[] {
    return ["kube-proxy", ...(enforces ? (["kube-router"] as const) : [])];
}

async function startAll(programs: readonly Program[], node: RunningNode): Promise<void> {
    await Promise.all(programs.map((program) => startProgram(program, node)));
}

/** For a promise that is awaited later: a failure before that isn't reported as unhandled. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
    promise.catch(reasonOf);
    return promise;
}
