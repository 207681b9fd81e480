import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "./argument-error.ts";
import { childOptions } from "./child-options.ts";
import { type BystanderSettings, bystanderDeployment } from "./metrics/bystander.ts";
import { clusterRole, clusterRoleBinding } from "./metrics/cluster-access.ts";
import { filesConfigMap } from "./metrics/config-files.ts";
import { grafanaFiles, grafanaName, grafanaNetworkPolicy, grafanaPod } from "./metrics/grafana.ts";
import {
    prometheusFiles,
    prometheusName,
    prometheusNetworkPolicy,
    prometheusPod,
    prometheusPort,
    prometheusRole,
    prometheusRoleBinding,
    prometheusService,
    prometheusServiceAccount,
} from "./metrics/prometheus.ts";
import { type PodArgs, podProblems } from "./pod-settings.ts";
import { hostOf } from "./readiness.ts";

/** Arguments of {@link MetricsStack}. */
export interface MetricsStackArgs extends PodArgs {
    /**
     * Namespace of every child except the ClusterRole and its binding: that of the topologies, where their Pods are
     * found.
     */
    namespace: pulumi.Input<string>;
    /**
     * Image of Prometheus 3, pinned to a version, e.g. `docker.io/prom/prometheus:v3.11.3`. Its entry point must be
     * Prometheus itself, built with Kubernetes service discovery (Debian's package lacks it).
     */
    image: pulumi.Input<string>;
    /**
     * Whether to scrape the kubelets too (cAdvisor and whole nodes). This needs a ClusterRole, and the permission to
     * create one. @default false
     */
    clusterMetrics?: boolean;
    /** Ports of the API server that NetworkPolicies allow. @default those of usual clusters */
    apiServerPorts?: pulumi.Input<readonly number[]>;
    /** Grafana with a dashboard of the run; everyone who reaches its port can view it. @default no Grafana */
    grafana?: {
        /** Its image, pinned to a version, e.g. `docker.io/grafana/grafana:12.1.1`. */
        image: pulumi.Input<string>;
    };
}

/**
 * A Prometheus that scrapes the measured containers of a namespace every second. Nothing waits for it: if it can't run,
 * only its figures are missing.
 */
export class MetricsStack extends pulumi.ComponentResource {
    /** URL of Prometheus within its namespace, e.g. `http://metrics-prometheus:9090`; it might not answer yet. */
    readonly prometheusUrl: pulumi.Output<string>;

    constructor(name: string, args: MetricsStackArgs, opts?: pulumi.ComponentResourceOptions) {
        // Pulumi's engine passes deletedWith down to every child, so the cluster-wide ones would be left behind.
        // Therefore the component has none, and only the children in the namespace get it.
        const { deletedWith: _, ...own } = opts ?? {};
        refuse("MetricsStack", name, podProblems(args));
        super("hopcost:index:MetricsStack", name, args, own);
        const { namespace, image, grafana } = args;
        const clusterMetrics = args.clusterMetrics ?? false;
        const child = childOptions(this, opts);
        const settings = { name, namespace, image, clusterMetrics, apiServerPorts: args.apiServerPorts, pod: args };

        const serviceAccount = serviceAccountOf(settings, child);
        if (clusterMetrics) readCluster(settings, serviceAccount, { parent: this });
        this.prometheusUrl = prometheusOf(settings, serviceAccount, child);
        if (grafana !== undefined) grafanaOf({ ...settings, image: grafana.image }, child);
        this.registerOutputs({ prometheusUrl: this.prometheusUrl });
    }
}

/** Creates the identity of Prometheus, which may list the Pods of its namespace. @returns its name */
function serviceAccountOf(settings: BystanderSettings, child: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const object = prometheusName(settings.name);
    const account = new k8s.core.v1.ServiceAccount(object, prometheusServiceAccount(settings), child);
    const role = new k8s.rbac.v1.Role(object, prometheusRole(settings), child);
    const binding = prometheusRoleBinding(settings, role.metadata.name, account.metadata.name);
    new k8s.rbac.v1.RoleBinding(object, binding, child);
    return account.metadata.name;
}

function readCluster(
    settings: BystanderSettings,
    serviceAccount: pulumi.Output<string>,
    child: pulumi.CustomResourceOptions,
): void {
    const object = prometheusName(settings.name);
    const role = new k8s.rbac.v1.ClusterRole(object, clusterRole(settings), child);
    const binding = clusterRoleBinding(settings, role.metadata.name, serviceAccount);
    new k8s.rbac.v1.ClusterRoleBinding(object, binding, child);
}

/** Creates Prometheus. @returns its URL */
function prometheusOf(
    settings: BystanderSettings,
    serviceAccount: pulumi.Output<string>,
    child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const { name, namespace, clusterMetrics } = settings;
    const object = prometheusName(name);
    const files = pulumi.output(namespace).apply((namespace) => prometheusFiles({ namespace, clusterMetrics }));
    const manifest = filesConfigMap(name, "prometheus", namespace, files);
    const config = new k8s.core.v1.ConfigMap(`${object}-config`, manifest, child);
    const pod = prometheusPod(settings, { config: config.metadata.name, serviceAccount });
    const deployment = new k8s.apps.v1.Deployment(object, bystanderDeployment(pod), child);
    const service = new k8s.core.v1.Service(object, prometheusService(settings), child);
    new k8s.networking.v1.NetworkPolicy(object, prometheusNetworkPolicy(settings), child);
    return hostOf(service, deployment).apply((host) => `http://${host}:${prometheusPort}`);
}

/** Creates Grafana. */
function grafanaOf(settings: BystanderSettings, child: pulumi.CustomResourceOptions): void {
    const { name, namespace } = settings;
    const object = grafanaName(name);
    const manifest = filesConfigMap(name, "grafana", namespace, grafanaFiles(settings));
    const config = new k8s.core.v1.ConfigMap(`${object}-config`, manifest, child);
    const pod = grafanaPod(settings, { config: config.metadata.name });
    new k8s.apps.v1.Deployment(object, bystanderDeployment(pod), child);
    new k8s.networking.v1.NetworkPolicy(object, grafanaNetworkPolicy(settings), child);
}
