import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type NodeDescription, volumesFolder } from "../layout.ts";
import type { Credentials } from "../node/certificates.ts";
import { createObject, patchObject, readObject } from "./api-client.ts";
import type { ClusterObject } from "./cluster-objects.ts";

/** Number of volumes per node; a claim takes a whole one. */
const volumesPerNode = 4;
const path = "/api/v1/persistentvolumes";

/** The parts of a volume in the API that are used here. */
export interface VolumeObject {
    metadata: { name: string };
    status?: { phase?: string };
}

/**
 * The class of the sandbox's volumes, not the default class: folders on the host's disk, each on one node, bound when
 * the first Pod that uses it is scheduled.
 */
export const storageClass: ClusterObject = {
    path: "/apis/storage.k8s.io/v1/storageclasses",
    object: {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "local" },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Retain",
    },
};

/** The volumes of a node. */
export function volumesOf(node: NodeDescription): ClusterObject[] {
    return Array.from({ length: volumesPerNode }, (_, index) => volume(node, `${node.name}-volume-${index + 1}`));
}

function volume(node: NodeDescription, name: string): ClusterObject {
    const here = { key: "kubernetes.io/hostname", operator: "In", values: [node.name] };
    return {
        path,
        object: {
            apiVersion: "v1",
            kind: "PersistentVolume",
            metadata: { name },
            spec: {
                storageClassName: storageClass.object.metadata.name,
                capacity: { storage: "1Gi" },
                accessModes: ["ReadWriteOnce"],
                persistentVolumeReclaimPolicy: "Retain",
                local: { path: volumeFolder(name) },
                nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
            },
        },
    };
}

/** Folder on the host with a volume's data. */
export function volumeFolder(name: string): string {
    return join(volumesFolder, name);
}

/** Offers every unclaimed volume of the nodes, empty: new ones, and those whose claim was deleted. */
export async function offerVolumes(credentials: Credentials, nodes: readonly NodeDescription[]): Promise<void> {
    const there = await readObject<{ items: VolumeObject[] }>(credentials, path);
    const { missing, released } = volumesToOffer(nodes.flatMap(volumesOf), there?.items ?? []);
    for (const { object } of missing) {
        emptyFolder(volumeFolder(object.metadata.name));
        await createObject(credentials, path, object);
    }
    for (const { metadata } of released) {
        emptyFolder(volumeFolder(metadata.name));
        await patchObject(credentials, `${path}/${metadata.name}`, { spec: { claimRef: null } });
    }
}

/** Which of our volumes the cluster lacks, and which have lost their claim. Other volumes are ignored. */
export function volumesToOffer(
    ours: readonly ClusterObject[],
    there: readonly VolumeObject[],
): { missing: ClusterObject[]; released: VolumeObject[] } {
    const known = new Map(there.map((it) => [it.metadata.name, it]));
    const missing = ours.filter(({ object }) => !known.has(object.metadata.name));
    const found = ours.flatMap(({ object }) => known.get(object.metadata.name) ?? []);
    return { missing, released: found.filter(({ status }) => status?.phase === "Released") };
}

/** Everyone in a Pod can write to it, but on the host only root can reach it. */
function emptyFolder(folder: string): void {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    chmodSync(folder, 0o777); // the umask restricts mkdir's mode
}
