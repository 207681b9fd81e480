import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { partOfHopcost } from "../../model/names.ts";
import {
    type ContainerResources,
    labelsOf,
    notAwaited,
    restrictedContainer,
    restrictedPod,
    selectorOf,
} from "../measured-pod.ts";

type Container = k8s.types.input.core.v1.Container;

/** The parts of the measuring infrastructure, as their label `app.kubernetes.io/component` names them. */
export const bystanders = ["prometheus", "grafana"] as const;
/** One of {@link bystanders}. */
export type BystanderName = (typeof bystanders)[number];

/** What the manifests of all bystanders are made from. */
export interface BystanderSettings {
    /** Name of the component. */
    name: string;
    namespace: pulumi.Input<string>;
    image: pulumi.Input<string>;
    /** Whether Prometheus scrapes the kubelets as well. */
    clusterMetrics: boolean;
}

/** Name of a bystander's objects in the namespace; of Prometheus also the host under which it is reached there. */
export function bystanderName(name: string, component: BystanderName): string {
    return `${name}-${component}`;
}

/** Name, namespace and labels of a bystander's objects. @param name of the component */
export function bystanderMetadata(name: string, component: BystanderName, namespace: pulumi.Input<string>) {
    return { name: bystanderName(name, component), namespace, labels: labelsOf(name, component) };
}

/** One Pod that stands beside the experiment and must never be in its way. */
export interface Bystander {
    /** Name of the component it belongs to. */
    instance: string;
    namespace: pulumi.Input<string>;
    component: BystanderName;
    image: pulumi.Input<string>;
    /** User and group of its process: that of the stock image, whose files are made for it. */
    uid: number;
    /** Port on which it answers, and the path that says whether it does. */
    port: number;
    readyPath: string;
    args?: string[];
    env: Record<string, string>;
    /** ConfigMap with its configuration, and where that is mounted. */
    config: pulumi.Input<string>;
    configPath: string;
    /** Where its files are below that. @default right there, all of them */
    configItems?: { key: string; path: string }[];
    /** Where it writes, and how much it may: a volume each, gone with the Pod. */
    writes: Record<string, string>;
    /** Whose token is mounted. @default none */
    serviceAccount?: pulumi.Input<string>;
}

/**
 * Its Deployment, for which Pulumi does not wait: a run without its figures is better than none. It keeps off the nodes of
 * the experiment where there are others.
 */
export function bystanderDeployment(pod: Bystander): k8s.apps.v1.DeploymentArgs {
    const { instance, component, namespace, uid, serviceAccount } = pod;
    const labels = labelsOf(instance, component);
    return {
        metadata: { ...bystanderMetadata(instance, component, namespace), annotations: notAwaited },
        spec: {
            replicas: 1,
            strategy: { type: "Recreate" },
            revisionHistoryLimit: 0,
            selector: { matchLabels: selectorOf(instance, component) },
            template: {
                metadata: { labels },
                spec: {
                    ...restrictedPod,
                    securityContext: {
                        ...restrictedPod.securityContext,
                        runAsUser: uid,
                        runAsGroup: uid,
                        fsGroup: uid,
                    },
                    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
                    automountServiceAccountToken: serviceAccount !== undefined,
                    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [offTheirNodes] } },
                    // It keeps nothing that outlives it.
                    terminationGracePeriodSeconds: 1,
                    containers: [bystanderContainer(pod)],
                    volumes: [
                        {
                            name: "config",
                            configMap: { name: pod.config, ...(pod.configItems && { items: pod.configItems }) },
                        },
                        ...Object.values(pod.writes).map((sizeLimit, index) => ({
                            name: volumeName(index),
                            emptyDir: { sizeLimit },
                        })),
                    ],
                },
            },
        },
    };
}

/** Away from all Pods of ours but those that stand beside as well. */
const offTheirNodes = {
    weight: 100,
    podAffinityTerm: {
        labelSelector: {
            matchLabels: partOfHopcost,
            matchExpressions: [{ key: "app.kubernetes.io/component", operator: "NotIn", values: [...bystanders] }],
        },
        topologyKey: "kubernetes.io/hostname",
    },
};

/** What each of them asks for. */
export const bystanderResources: ContainerResources = {
    requests: { cpu: "50m", memory: "512Mi" },
    limits: { memory: "512Mi" },
};

function bystanderContainer(pod: Bystander): Container {
    const { component, image, args, env, port, readyPath, configPath, writes } = pod;
    return {
        ...restrictedContainer,
        name: component,
        image,
        // Arguments alone: where the program lies is the image's own matter.
        ...(args === undefined ? {} : { args }),
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
        ports: [{ name: "web", containerPort: port }],
        resources: bystanderResources,
        readinessProbe: { httpGet: { path: readyPath, port }, periodSeconds: 5, timeoutSeconds: 5 },
        volumeMounts: [
            { name: "config", mountPath: configPath, readOnly: true },
            ...Object.keys(writes).map((mountPath, index) => ({ name: volumeName(index), mountPath })),
        ],
    };
}

function volumeName(index: number): string {
    return `data-${index}`;
}
