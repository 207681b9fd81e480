import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { partOfHopcost } from "../../model/names.ts";
import { type ContainerResources, labelsOf, notAwaited, restrictedContainer, selectorOf } from "../measured-pod.ts";
import { type PodArgs, podSettings } from "../pod-settings.ts";

type Container = k8s.types.input.core.v1.Container;

/** The parts of the metrics infrastructure: values of their label `app.kubernetes.io/component`. */
export const bystanders = ["prometheus", "grafana"] as const;
/** One of {@link bystanders}. */
export type BystanderName = (typeof bystanders)[number];

/** What the manifests of all bystanders are built from. */
export interface BystanderSettings {
    /** Name of the component. */
    name: string;
    namespace: pulumi.Input<string>;
    image: pulumi.Input<string>;
    /** Whether Prometheus also scrapes the kubelets. */
    clusterMetrics: boolean;
    /** Ports of the API server that NetworkPolicies allow. */
    apiServerPorts: pulumi.Input<readonly number[]> | undefined;
    pod: PodArgs;
}

/** Name of a bystander's objects in the namespace; for Prometheus also its host name there. */
export function bystanderName(name: string, component: BystanderName): string {
    return `${name}-${component}`;
}

/** Name, namespace and labels of a bystander's objects. @param name of the component */
export function bystanderMetadata(name: string, component: BystanderName, namespace: pulumi.Input<string>) {
    return { name: bystanderName(name, component), namespace, labels: labelsOf(name, component) };
}

/** One Pod beside the experiment that must never disturb it. */
export interface Bystander {
    /** Name of the component it belongs to. */
    instance: string;
    namespace: pulumi.Input<string>;
    component: BystanderName;
    image: pulumi.Input<string>;
    /** What the cluster needs of every Pod. */
    settings: PodArgs;
    /** User and group of its process: those that the stock image is made for. */
    uid: number;
    /** Port on which it answers, and path of its readiness probe. */
    port: number;
    readyPath: string;
    args?: string[];
    env: Record<string, string>;
    /** ConfigMap with its configuration, and the mount path. */
    config: pulumi.Input<string>;
    configPath: string;
    /** Paths of its files below `configPath`. @default all files directly in it */
    configItems?: { key: string; path: string }[];
    /** Paths it writes to, each with its size limit: one volume each, deleted with the Pod. */
    writes: Record<string, string>;
    /** ServiceAccount whose token is mounted. @default none */
    serviceAccount?: pulumi.Input<string>;
}

/**
 * Its Deployment. Pulumi doesn't wait for it: a run without its figures is better than no run. It avoids the
 * experiment's nodes if there are others.
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
                    ...podSettings(pod.settings, uid),
                    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
                    automountServiceAccountToken: serviceAccount !== undefined,
                    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [offTheirNodes] } },
                    // It has nothing to save.
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

/** Away from all our Pods except other bystanders. */
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

/** Resources of each bystander. */
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
        // Only arguments: the image knows where its program is.
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
