import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Volume } from "../model/arms.ts";
import { replacement, watchedContainer } from "../model/availability.ts";
import { partOfHopcost, scheduleName } from "../model/names.ts";
import {
    codePath,
    ledgerOnClaim,
    ledgerPath,
    schedulePath,
    variables,
    volumePaths,
    volumeVariables,
} from "../model/ports.ts";
import type { MeasuredRole } from "../model/roles.ts";
import type { MeasuredPodSettings } from "./measured-pod-args.ts";
import { affinityOf, type PodPlace, placementLabels } from "./placement.ts";
import { podSettings } from "./pod-settings.ts";

type Container = k8s.types.input.core.v1.Container;
type Labels = Record<string, string>;

/** Annotation of a Pod: names of its volumes on the node's disk, separated by commas. */
export const diskVolumesAnnotation = "hopcost.io/disk-volumes";

/** One measured container. */
export interface MeasuredContainer {
    role: MeasuredRole;
    agentPort: number;
    /** Port for uploads; only the receiver has one. */
    uploadPort?: number;
    /** Whether it is a native sidecar of the others: it starts before them, and ends after them. @default false */
    isSidecar?: boolean;
}

/** Source of a Pod's shared volume. */
type VolumeSource = Omit<k8s.types.input.core.v1.Volume, "name">;

/** A Pod of measured containers. */
export interface MeasuredPod extends PodPlace {
    /** Its part in the component, e.g. `sender`. */
    component: string;
    containers: MeasuredContainer[];
    /** ConfigMap with the code of its containers. */
    code: pulumi.Input<string>;
    /** Volumes that all its containers share. @default none */
    sharedVolumes?: Partial<Record<Volume, VolumeSource>>;
}

/** Labels that select only the Pods of one part of a component. */
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
 * A Deployment of measured Pods. One is ready once each agent has answered. By default nothing probes it after that, so that
 * only the experiment runs while a cell measures.
 */
export function measuredDeployment(objectName: string, pod: MeasuredPod, settings: MeasuredPodSettings) {
    const { instance, component } = pod;
    const labels = labelsOf(instance, component);
    const place = { ...pod, servesScenarios: settings.servesScenarios };
    const shared = Object.entries(pod.sharedVolumes ?? {}) as [Volume, VolumeSource][];
    const volumes = shared.map(([volume]) => volume);
    // Without Pods there is nothing to wait for, and a claim would not be bound.
    const isAwaited = pod.awayFrom === undefined && settings.availability.replicas > 0;
    return {
        metadata: {
            name: objectName,
            namespace: settings.namespace,
            labels,
            ...(isAwaited ? {} : { annotations: notAwaited }),
        },
        spec: {
            ...replacement(settings.availability),
            progressDeadlineSeconds: settings.startSeconds,
            revisionHistoryLimit: 0,
            selector: { matchLabels: selectorOf(instance, component) },
            template: {
                metadata: { labels: { ...labels, ...placementLabels(place) }, ...diskAnnotation(shared) },
                spec: {
                    ...podSettings(settings.pod),
                    ...affinityOf(settings.placement, place),
                    automountServiceAccountToken: false,
                    terminationGracePeriodSeconds: settings.availability.graceSeconds,
                    ...containersOf(pod.containers, volumes, settings),
                    volumes: [
                        { name: "code", configMap: { name: pod.code } },
                        ...(settings.servesScenarios ? scenarioVolumes(instance) : []),
                        ...shared.map(([volume, source]) => ({ name: volumeName(volume), ...source })),
                    ],
                },
            },
        },
    };
}

/**
 * Annotation of objects that Pulumi must not wait for. Services: Pulumi would wait until their endpoints are unchanged
 * for ten seconds, and it waits for their Pods anyway. A far responder: the cluster may have no node for it. Claims:
 * some are bound only when their Pod is scheduled.
 */
export const notAwaited = { "pulumi.com/skipAwait": "true" };

/** Labels of a namespace that enforces PSS `restricted`. */
export const restrictedLabels: Labels = Object.fromEntries(
    ["enforce", "warn", "audit"].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, "restricted"],
        [`pod-security.kubernetes.io/${mode}-version`, "latest"],
    ]),
);

/** Settings of all our containers, including the driver's. */
export const restrictedContainer = {
    // Images are pinned to a version, and the sandbox's can't be pulled.
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

/** Requests and limits of a container: CPU and memory as Kubernetes quantities. */
export interface ContainerResources {
    requests: { cpu: string; memory: string };
    limits: { cpu?: string; memory: string };
}

/** Resources of each measured container. */
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

/** Lists the volumes on the node's disk; an emptyDir on disk has no field that says so. */
function diskAnnotation(shared: readonly [Volume, VolumeSource][]): { annotations?: Labels } {
    const onDisk = shared.filter(([, { emptyDir }]) => emptyDir !== undefined && !("medium" in emptyDir));
    if (onDisk.length === 0) return {};
    return { annotations: { [diskVolumesAnnotation]: onDisk.map(([volume]) => volumeName(volume)).join(",") } };
}

function volumeName(volume: Volume): string {
    return `shared-${volume}`;
}

/** The responder's ledger, and the schedule, which the driver writes before it starts the Pod. */
function scenarioVolumes(instance: string) {
    return [
        { name: "ledger", emptyDir: { medium: "Memory", sizeLimit: "8Mi" } },
        { name: "schedule", configMap: { name: scheduleName(instance), optional: true } },
    ];
}

const scenarioMounts = [
    { name: "ledger", mountPath: ledgerPath },
    { name: "schedule", mountPath: schedulePath.slice(0, schedulePath.lastIndexOf("/")), readOnly: true },
];

function scenarioVariables({ availability }: MeasuredPodSettings, volumes: Volume[]) {
    const ledger = volumes.includes("claim") ? `${volumePaths.claim}/${ledgerOnClaim}` : ledgerPath;
    return [
        { name: variables.ledger, value: ledger },
        { name: variables.schedule, value: schedulePath },
        { name: variables.drain, value: String(availability.drain) },
    ];
}

/** Native sidecars are init containers that go on. */
function containersOf(containers: MeasuredContainer[], volumes: Volume[], settings: MeasuredPodSettings) {
    const all = (ofKind: readonly MeasuredContainer[]) =>
        ofKind.map((container) => ({
            ...measuredContainer(container, volumes, settings),
            ...watchedContainer(settings.availability, container.agentPort, settings.startSeconds),
        }));
    const sidecars = containers.filter(({ isSidecar }) => isSidecar);
    const others = containers.filter(({ isSidecar }) => !isSidecar);
    return {
        ...(sidecars.length > 0 && {
            initContainers: all(sidecars).map((container) => ({ ...container, restartPolicy: "Always" })),
        }),
        containers: all(others),
    };
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
        command: ["node", `${codePath}/${role}.server.mjs`],
        env: [
            { name: variables.agentPort, value: String(agentPort) },
            ...(uploadPort === undefined ? [] : [{ name: variables.uploadPort, value: String(uploadPort) }]),
            ...volumes.map((volume) => ({ name: volumeVariables[volume], value: volumePaths[volume] })),
            fromPod(variables.nodeName, "spec.nodeName"),
            fromPod(variables.podName, "metadata.name"),
            fromPod(variables.podIp, "status.podIP"),
            ...(settings.servesScenarios ? scenarioVariables(settings, volumes) : []),
            // Not on the command line, because the measured processes that the server forks need them too.
            ...(nodeFlags.length === 0 ? [] : [{ name: "NODE_OPTIONS", value: nodeFlags.join(" ") }]),
        ],
        ports: [
            { name: role, containerPort: agentPort },
            ...(uploadPort === undefined ? [] : [{ name: "upload", containerPort: uploadPort }]),
        ],
        resources: measuredResources(settings),
        volumeMounts: [
            { name: "code", mountPath: codePath, readOnly: true },
            ...(settings.servesScenarios ? scenarioMounts : []),
            ...volumes.map((volume) => ({ name: volumeName(volume), mountPath: volumePaths[volume] })),
        ],
    };
}
