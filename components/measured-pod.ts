import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Volume } from "../model/arms.ts";
import { partOfHopcost } from "../model/names.ts";
import { codePath, volumePaths } from "../model/ports.ts";
import type { MeasuredPodSettings } from "./measured-pod-args.ts";
import { affinityOf, type PodPlace, placementLabels } from "./placement.ts";

type Container = k8s.types.input.core.v1.Container;
type PodSpec = k8s.types.input.core.v1.PodSpec;
type Labels = Record<string, string>;

/** Environment variables that tell a container where its shared volumes are. */
const volumeVariables: Record<Volume, string> = {
    main: "HOPCOST_VOLUME",
    disk: "HOPCOST_DISK_VOLUME",
    claim: "HOPCOST_CLAIM_VOLUME",
};

/** Annotation of a Pod with the names of its volumes that are on the node's disk, separated by commas. */
export const diskVolumesAnnotation = "hopcost.io/disk-volumes";

/** One measured container. */
export interface MeasuredContainer {
    role: string;
    /** ConfigMap with its code. */
    code: pulumi.Input<string>;
    agentPort: number;
    /** Port on which it takes uploads; absent in all but the receiver. */
    uploadPort?: number;
}

/** What a shared volume of a Pod is made of. */
type VolumeSource = Omit<k8s.types.input.core.v1.Volume, "name">;

/** A Pod of measured containers. */
export interface MeasuredPod extends PodPlace {
    /** Name of the component it belongs to. */
    instance: string;
    /** Its part in the component, e.g. `sender`. */
    component: string;
    containers: MeasuredContainer[];
    /** The volumes that all its containers share. @default none */
    sharedVolumes?: Partial<Record<Volume, VolumeSource>>;
}

/** Labels that select the Pods of one part of a component and no others. */
export function selectorOf(instance: string, component: string): Labels {
    return {
        "app.kubernetes.io/name": "hopcost",
        "app.kubernetes.io/instance": instance,
        "app.kubernetes.io/component": component,
    };
}

/** Labels of every object of a component. */
export function labelsOf(instance: string, component: string): Labels {
    return {
        ...selectorOf(instance, component),
        ...partOfHopcost,
        "app.kubernetes.io/managed-by": "pulumi",
    };
}

/**
 * A Deployment of one measured Pod. It is ready once each agent has answered; after that nothing probes it, so
 * that nothing but the experiment runs while a cell measures.
 */
export function measuredDeployment(objectName: string, pod: MeasuredPod, settings: MeasuredPodSettings) {
    const { instance, component } = pod;
    const labels = labelsOf(instance, component);
    const shared = Object.entries(pod.sharedVolumes ?? {}) as [Volume, VolumeSource][];
    const volumes = shared.map(([volume]) => volume);
    return {
        metadata: {
            name: objectName,
            namespace: settings.namespace,
            labels,
            ...(pod.awayFrom === undefined ? {} : { annotations: notAwaited }),
        },
        spec: {
            replicas: 1,
            // Two generations of a measured Pod at once would disturb each other.
            strategy: { type: "Recreate" },
            progressDeadlineSeconds: settings.startSeconds,
            revisionHistoryLimit: 0,
            selector: { matchLabels: selectorOf(instance, component) },
            template: {
                metadata: { labels: { ...labels, ...placementLabels(pod) }, ...diskAnnotation(shared) },
                spec: {
                    ...restrictedPod,
                    ...affinityOf(settings.placement, pod),
                    automountServiceAccountToken: false,
                    // It has nothing to finish, and the namespace is gone so much sooner.
                    terminationGracePeriodSeconds: 1,
                    containers: pod.containers.map((container) => measuredContainer(container, volumes, settings)),
                    volumes: [
                        ...pod.containers.map(({ role, code }) => ({
                            name: `${role}-code`,
                            configMap: { name: code },
                        })),
                        ...shared.map(([volume, source]) => ({ name: volumeName(volume), ...source })),
                    ],
                },
            },
        },
    };
}

/**
 * On what Pulumi must not wait for. Services: it would until their endpoints have not changed for ten seconds, and their Pods
 * are waited for anyway. A far responder: the cluster may have no node for it. Claims: some are bound only when their Pod
 * is placed.
 */
export const notAwaited = { "pulumi.com/skipAwait": "true" };

/** What every Pod of ours has in common, the driver's included: what PSS `restricted` asks for, and no surprises. */
export const restrictedPod = {
    securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: "RuntimeDefault" },
    },
    enableServiceLinks: false,
} satisfies Partial<PodSpec>;

/** Labels of a namespace that admits only Pods that PSS `restricted` allows. */
export const restrictedLabels: Labels = Object.fromEntries(
    ["enforce", "warn", "audit"].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, "restricted"],
        [`pod-security.kubernetes.io/${mode}-version`, "latest"],
    ]),
);

/** What every container of ours has in common, the driver's included. */
export const restrictedContainer = {
    // Images are pinned to a version, and those of a sandbox can't be pulled.
    imagePullPolicy: "IfNotPresent",
    securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
    },
} satisfies Partial<Container>;

/** An environment variable with a fact about the Pod. */
export function fromPod(name: string, fieldPath: string): k8s.types.input.core.v1.EnvVar {
    return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** What a container asks for and may use: CPU and memory as Kubernetes quantities. */
export interface ContainerResources {
    requests: { cpu: string; memory: string };
    limits: { cpu?: string; memory: string };
}

/** What each measured container asks for. */
export function measuredResources({
    cpuRequest,
    cpuLimit,
    memory,
}: Pick<MeasuredPodSettings, "cpuRequest" | "cpuLimit" | "memory">): ContainerResources {
    return {
        requests: { cpu: cpuRequest, memory },
        limits: { ...(cpuLimit === undefined ? {} : { cpu: cpuLimit }), memory },
    };
}

/** Says which volumes are on the node's disk: an emptyDir can't, since that is what it is if it says nothing. */
function diskAnnotation(shared: readonly [Volume, VolumeSource][]): { annotations?: Labels } {
    const onDisk = shared.filter(([, { emptyDir }]) => emptyDir !== undefined && !("medium" in emptyDir));
    if (onDisk.length === 0) return {};
    return { annotations: { [diskVolumesAnnotation]: onDisk.map(([volume]) => volumeName(volume)).join(",") } };
}

function volumeName(volume: Volume): string {
    return `shared-${volume}`;
}

function measuredContainer(
    { role, agentPort, uploadPort }: MeasuredContainer,
    volumes: Volume[],
    settings: MeasuredPodSettings,
): Container {
    const { nodeFlags } = settings;
    return {
        ...restrictedContainer,
        name: role,
        image: settings.image,
        command: ["node", `${codePath}/server.mjs`],
        env: [
            { name: "HOPCOST_AGENT_PORT", value: String(agentPort) },
            ...(uploadPort === undefined ? [] : [{ name: "HOPCOST_UPLOAD_PORT", value: String(uploadPort) }]),
            ...volumes.map((volume) => ({ name: volumeVariables[volume], value: volumePaths[volume] })),
            fromPod("HOPCOST_NODE_NAME", "spec.nodeName"),
            fromPod("HOPCOST_POD_NAME", "metadata.name"),
            fromPod("HOPCOST_POD_IP", "status.podIP"),
            // Not on the command line: the measured processes, which the server forks, shall have them as well.
            ...(nodeFlags.length === 0 ? [] : [{ name: "NODE_OPTIONS", value: nodeFlags.join(" ") }]),
        ],
        ports: [
            { name: role, containerPort: agentPort },
            ...(uploadPort === undefined ? [] : [{ name: "upload", containerPort: uploadPort }]),
        ],
        resources: measuredResources(settings),
        startupProbe: {
            httpGet: { path: "/healthz", port: agentPort },
            periodSeconds: 1,
            timeoutSeconds: 5,
            failureThreshold: settings.startSeconds,
        },
        volumeMounts: [
            { name: `${role}-code`, mountPath: codePath, readOnly: true },
            ...volumes.map((volume) => ({ name: volumeName(volume), mountPath: volumePaths[volume] })),
        ],
    };
}
