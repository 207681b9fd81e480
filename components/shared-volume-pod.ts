import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Volume } from "../model/arms.ts";
import { media } from "../model/fields.ts";
import { objectNamePattern } from "../model/names.ts";
import { agentPort, readerAgentPort } from "../model/ports.ts";
import type { Instance } from "../model/scenarios.ts";
import { oneOf, quoted, refuse } from "./argument-error.ts";
import { disruptionBudget } from "./availability.ts";
import { shortHash } from "./bundle.ts";
import { childOptions } from "./child-options.ts";
import type { VolumeEndpoints } from "./endpoints.ts";
import { labelsOf, measuredDeployment, notAwaited, selectorOf } from "./measured-pod.ts";
import {
    type MeasuredPodArgs,
    type MeasuredPodSettings,
    measuredPodProblems,
    resolveMeasuredPodArgs,
} from "./measured-pod-args.ts";
import { agentClients, networkPolicy, tcp } from "./network-policies.ts";
import { memoryQuantity } from "./quantity.ts";
import { hostOf, startTimeouts } from "./readiness.ts";
import { WorkloadCode } from "./workload-code.ts";

/** Medium of a shared volume: `Memory` (tmpfs) or `Disk` (the node's). */
export type VolumeMedium = (typeof media)[number];

/** Arguments of {@link SharedVolumePod}. */
export interface SharedVolumePodArgs extends MeasuredPodArgs {
    /**
     * `Memory`: tmpfs, whose files count as memory of the container that wrote them; `Disk`: the node's disk, through
     * the page cache. @default "Memory"
     */
    medium?: VolumeMedium;
    /** Size limit of each volume; a Pod that exceeds it is evicted. @default "128Mi" */
    sizeLimit?: string;
    /** Whether there is a second volume, always on the node's disk. @default false */
    disk?: boolean;
    /**
     * StorageClass of another volume, e.g. `"standard"`; its PersistentVolumeClaim requests `sizeLimit`. In a Pod that serves
     * scenarios the ledger is on this volume, so it outlives the Pod.
     * @default no such volume
     */
    storageClass?: string;
    /**
     * Whether the reader is a native sidecar, which starts before the writer and ends after it; needs Kubernetes 1.29 or newer.
     * @default false
     */
    readerSidecar?: boolean;
}

/** Defaults of {@link SharedVolumePodArgs} beyond those of every measured Pod. */
export const sharedVolumeDefaults = { medium: "Memory", sizeLimit: "128Mi" } as const;

type Settings = MeasuredPodSettings & {
    medium: VolumeMedium;
    sizeLimit: string;
    disk: boolean;
    storageClass: string | undefined;
    readerSidecar: boolean;
};

/** Agent ports of the Pod's two roles, which share its network. */
const agentPorts = { writer: agentPort, reader: readerAgentPort } as const;
const volumeRoles = ["writer", "reader"] as const;

/**
 * One Pod whose two containers share a volume: the volume side of the comparison. More volumes are optional.
 */
export class SharedVolumePod extends pulumi.ComponentResource {
    /** Where a `BenchmarkJob` finds it, known once its Pod is ready, and what it is. */
    readonly endpoints: VolumeEndpoints;
    /** What scenarios may hurt, as a plan names it; known once its objects are created. */
    readonly instance: pulumi.Output<Instance>;

    /** @throws ArgumentError that lists everything wrong with `args` */
    constructor(name: string, args: SharedVolumePodArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = resolveSharedVolumePodArgs(args);
        refuse("SharedVolumePod", name, sharedVolumePodProblems(settings));
        super("hopcost:index:SharedVolumePod", name, args, opts);
        const child = childOptions(this, opts);
        const { namespace, storageClass, sizeLimit } = settings;

        const code = args.code ?? new WorkloadCode(`${name}-code`, { namespace }, child).configMapName;
        const started = { ...child, customTimeouts: startTimeouts(settings.startSeconds) };
        const claim =
            storageClass === undefined
                ? undefined
                : new k8s.core.v1.PersistentVolumeClaim(
                      `${name}-claim`,
                      volumeClaim(name, namespace, storageClass, sizeLimit),
                      child,
                  );
        const manifest = volumeDeployment(name, code, settings, claim?.metadata.name);
        const labels = labelsOf(name, "shared-volume");
        const selector = selectorOf(name, "shared-volume");
        const budget = disruptionBudget(`${name}-pod`, settings.availability, { namespace, labels }, selector, child);
        const policy = new k8s.networking.v1.NetworkPolicy(`${name}-pod`, volumeNetworkPolicy(name, namespace), child);
        const deployment = new k8s.apps.v1.Deployment(`${name}-pod`, manifest, { ...started, dependsOn: [policy] });
        const service = new k8s.core.v1.Service(`${name}-pod`, volumeService(name, namespace), child);

        const volume = hostOf(service, deployment).apply((host) => ({
            initiator: { agent: `http://${host}:${agentPorts.writer}` },
            responder: { agent: `http://${host}:${agentPorts.reader}` },
        }));
        const { image, placement, medium } = settings;
        this.endpoints = { targets: { volume }, image, placement, medium, volumes: volumesOf(settings) };
        this.instance = pulumi
            .all([deployment.metadata.name, policy.metadata.name, budget, service.metadata.name])
            .apply(([pod, networkPolicy, budget]) => ({
                ...{ name, topology: "volume", deployments: [pod], networkPolicy },
                ...(budget !== undefined && { budget }),
                volumes: volumesOf(settings),
            }));
        this.registerOutputs({ endpoints: this.endpoints, instance: this.instance });
    }
}

/** The names of its volumes. */
function volumesOf({ disk, storageClass }: Settings): Volume[] {
    return ["main", ...(disk ? ["disk" as const] : []), ...(storageClass === undefined ? [] : ["claim" as const])];
}

/** Fills in the defaults; {@link sharedVolumePodProblems} checks the result. */
function resolveSharedVolumePodArgs(args: SharedVolumePodArgs): Settings {
    return {
        ...resolveMeasuredPodArgs(args),
        medium: args.medium ?? sharedVolumeDefaults.medium,
        sizeLimit: args.sizeLimit ?? sharedVolumeDefaults.sizeLimit,
        disk: args.disk ?? false,
        storageClass: args.storageClass,
        readerSidecar: args.readerSidecar ?? false,
    };
}

function sharedVolumePodProblems(settings: Settings): (string | undefined)[] {
    const { medium, sizeLimit, storageClass } = settings;
    return [
        ...measuredPodProblems(settings),
        oneOf("medium", medium, media),
        memoryQuantity("sizeLimit", sizeLimit),
        storageClass === undefined || isStorageClass(storageClass)
            ? undefined
            : `storageClass ${storageClassRule}, got ${quoted(storageClass)}`,
    ];
}

/** What the name of a StorageClass must be. */
export const storageClassRule =
    'must be the name of a StorageClass such as "standard" (`kubectl get storageclass` lists them)';

/** Whether a text is a valid name of a StorageClass. */
export function isStorageClass(text: string): boolean {
    return objectNamePattern.test(text);
}

/**
 * The claim of a StorageClass's volume. Its name contains a hash of what it requests: a claim can't be changed, but a
 * new one can be created while the old one is still in use.
 */
export function volumeClaim(name: string, namespace: pulumi.Input<string>, storageClass: string, size: string) {
    return {
        metadata: {
            name: `${name}-claim-${shortHash([storageClass, size])}`,
            namespace,
            labels: labelsOf(name, "shared-volume"),
            annotations: notAwaited,
        },
        spec: {
            storageClassName: storageClass,
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: size } },
        },
    };
}

/**
 * The Deployment of both roles.
 * @param code ConfigMap with their code
 * @param claim name of the claim; undefined if there is none
 */
export function volumeDeployment(
    name: string,
    code: pulumi.Input<string>,
    settings: Settings,
    claim: pulumi.Input<string> | undefined,
) {
    const { medium, sizeLimit, disk, readerSidecar } = settings;
    const containers = volumeRoles.map((role) => ({
        ...{ role, agentPort: agentPorts[role] },
        isSidecar: readerSidecar && role === "reader",
    }));
    const sharedVolumes = {
        main: mainVolume(medium, sizeLimit),
        ...(disk ? { disk: { emptyDir: { sizeLimit } } } : {}),
        ...(claim === undefined ? {} : { claim: { persistentVolumeClaim: { claimName: claim } } }),
    };
    const pod = { instance: name, component: "shared-volume", initiator: true, containers, code, sharedVolumes };
    return measuredDeployment(`${name}-pod`, pod, settings);
}

/** The volume that both roles always share. */
export function mainVolume(medium: VolumeMedium, sizeLimit: string) {
    return { emptyDir: { sizeLimit, ...(medium === "Memory" ? { medium } : {}) } };
}

/** Only the agents can be reached. The Pod calls nothing; its two containers need no network between them. */
export function volumeNetworkPolicy(name: string, namespace: pulumi.Input<string>) {
    const ingress = [{ from: agentClients, ports: tcp(Object.values(agentPorts)) }];
    const part = { instance: name, component: "shared-volume" };
    return networkPolicy(`${name}-pod`, part, namespace, { ingress, egress: [] });
}

/** The Service through which the driver reaches both agents; it carries no measured traffic. */
export function volumeService(name: string, namespace: pulumi.Input<string>) {
    return {
        metadata: {
            name: `${name}-pod`,
            namespace,
            labels: labelsOf(name, "shared-volume"),
            annotations: notAwaited,
        },
        spec: {
            type: "ClusterIP",
            selector: selectorOf(name, "shared-volume"),
            ports: volumeRoles.map((role) => ({
                name: role,
                port: agentPorts[role],
                targetPort: agentPorts[role],
            })),
        },
    };
}
