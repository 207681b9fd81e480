import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { codePath, volumePath } from "../workloads/control-api.ts";
import type { MeasuredPodSettings, Placement } from "./measured-pod-args.ts";

type Container = k8s.types.input.core.v1.Container;
type PodSpec = k8s.types.input.core.v1.PodSpec;
type Labels = Record<string, string>;

/** On every measured Pod: what `same-node` gathers. */
const measuredLabel = { "hopcost.io/measured": "true" };
/** On the Pods of the initiators: what `cross-node` gathers on one node, and keeps the responder's Pod away from. */
const initiatorLabel = { "hopcost.io/initiator": "true" };

/** One measured container. */
export interface MeasuredContainer {
    role: string;
    /** ConfigMap with its code. */
    code: pulumi.Input<string>;
    controlPort: number;
    /** Port on which it takes uploads; absent in all but the receiver. */
    uploadPort?: number;
    /** The volume it shares, by its name in the Pod; absent in the network roles. */
    sharedVolume?: string;
}

/** A Pod of measured containers. */
export interface MeasuredPod {
    /** Name of the component it belongs to. */
    instance: string;
    /** Its part in the component, e.g. `sender`. */
    component: string;
    /** Whether it takes the times. */
    initiator: boolean;
    containers: MeasuredContainer[];
    volumes?: k8s.types.input.core.v1.Volume[];
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
        "app.kubernetes.io/part-of": "hopcost",
        "app.kubernetes.io/managed-by": "pulumi",
    };
}

/**
 * A Deployment of one measured Pod. It is ready once each control server has answered; after that nothing probes it, so
 * that nothing but the experiment runs while a cell measures.
 */
export function measuredDeployment(objectName: string, pod: MeasuredPod, settings: MeasuredPodSettings) {
    const { instance, component } = pod;
    const labels = labelsOf(instance, component);
    return {
        metadata: { name: objectName, namespace: settings.namespace, labels },
        spec: {
            replicas: 1,
            // Two generations of a measured Pod at once would disturb each other.
            strategy: { type: "Recreate" },
            progressDeadlineSeconds: settings.startSeconds,
            revisionHistoryLimit: 0,
            selector: { matchLabels: selectorOf(instance, component) },
            template: {
                metadata: {
                    labels: { ...labels, ...measuredLabel, ...(pod.initiator ? initiatorLabel : {}) },
                },
                spec: {
                    ...restrictedPod,
                    ...affinityOf(settings.placement, pod.initiator),
                    automountServiceAccountToken: false,
                    // It has nothing to finish, and the namespace is gone so much sooner.
                    terminationGracePeriodSeconds: 1,
                    containers: pod.containers.map((container) => measuredContainer(container, settings)),
                    volumes: [
                        ...pod.containers.map(({ role, code }) => ({
                            name: `${role}-code`,
                            configMap: { name: code },
                        })),
                        ...(pod.volumes ?? []),
                    ],
                },
            },
        },
    };
}

/**
 * On every Service of ours. Pulumi would wait until its endpoints have not changed for ten seconds, and its Pods are waited
 * for anyway.
 */
export const servedAtOnce = { "pulumi.com/skipAwait": "true" };

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

function measuredContainer(container: MeasuredContainer, settings: MeasuredPodSettings): Container {
    const { role, controlPort, uploadPort, sharedVolume } = container;
    const { cpuRequest, cpuLimit, memory, nodeFlags } = settings;
    return {
        ...restrictedContainer,
        name: role,
        image: settings.image,
        command: ["node", `${codePath}/server.mjs`],
        env: [
            { name: "HOPCOST_CONTROL_PORT", value: String(controlPort) },
            ...(uploadPort === undefined ? [] : [{ name: "HOPCOST_UPLOAD_PORT", value: String(uploadPort) }]),
            ...(sharedVolume === undefined ? [] : [{ name: "HOPCOST_VOLUME", value: volumePath }]),
            fromPod("HOPCOST_NODE_NAME", "spec.nodeName"),
            fromPod("HOPCOST_POD_NAME", "metadata.name"),
            // Not on the command line: the measured processes, which the server forks, shall have them as well.
            ...(nodeFlags.length === 0 ? [] : [{ name: "NODE_OPTIONS", value: nodeFlags.join(" ") }]),
        ],
        ports: [
            { name: role, containerPort: controlPort },
            ...(uploadPort === undefined ? [] : [{ name: "upload", containerPort: uploadPort }]),
        ],
        resources: {
            requests: { cpu: cpuRequest, memory },
            limits: { ...(cpuLimit === undefined ? {} : { cpu: cpuLimit }), memory },
        },
        startupProbe: {
            httpGet: { path: "/healthz", port: controlPort },
            periodSeconds: 1,
            timeoutSeconds: 5,
            failureThreshold: settings.startSeconds,
        },
        volumeMounts: [
            { name: `${role}-code`, mountPath: codePath, readOnly: true },
            ...(sharedVolume === undefined ? [] : [{ name: sharedVolume, mountPath: volumePath }]),
        ],
    };
}

/**
 * The affinity of a Pod. A Pod that must be near Pods like itself may go anywhere while there is none yet (Kubernetes
 * makes that exception), so the first one chooses the node and the others follow it.
 */
function affinityOf(placement: Placement, initiator: boolean): { affinity?: k8s.types.input.core.v1.Affinity } {
    if (placement === "any") return {};
    if (placement === "same-node") return { affinity: { podAffinity: onNodeOf(measuredLabel) } };
    return {
        affinity: initiator ? { podAffinity: onNodeOf(initiatorLabel) } : { podAntiAffinity: onNodeOf(initiatorLabel) },
    };
}

function onNodeOf(matchLabels: Labels) {
    return {
        requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels }, topologyKey: "kubernetes.io/hostname" },
        ],
    };
}
