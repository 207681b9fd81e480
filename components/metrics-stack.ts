import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
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
import { hostOf } from "./readiness.ts";

/** Arguments of {@link MetricsStack}. */
export interface MetricsStackArgs {
    /** Namespace of every child but the ClusterRole and its binding; that of the topologies, whose Pods are found there. */
    namespace: pulumi.Input<string>;
    /**
     * Image of Prometheus 3, pinned to a version, e.g. `docker.io/prom/prometheus:v3.11.3`. Its entry point is
     * Prometheus itself, built with the discovery in Kubernetes, which Debian leaves out of its package.
     */
    image: pulumi.Input<string>;
    /**
     * Whether the kubelets are scraped as well (cAdvisor, and the nodes as a whole). That takes a ClusterRole, and so the right
     * to make one. @default false
     */
    clusterMetrics?: boolean;
    /** Grafana, with a dashboard of the run that whoever reaches its port may look at. @default no Grafana */
    grafana?: {
        /** Its image, pinned to a version, e.g. `docker.io/grafana/grafana:12.1.1`. */
        image: pulumi.Input<string>;
    };
}

/**
 * A Prometheus that scrapes the measured containers of a namespace every second. Nothing waits for it: where it can't run,
 * its figures are missing and all else is there.
 */
export class MetricsStack extends pulumi.ComponentResource {
    /** Where Prometheus is reached from within its namespace, e.g. `http://metrics-prometheus:9090`; it may not answer yet. */
    readonly prometheusUrl: pulumi.Output<string>;

    constructor(name: string, args: MetricsStackArgs, opts?: pulumi.ComponentResourceOptions) {
        // Pulumi's engine hands deletedWith down to every child, and those in the cluster would be left behind. So the
        // component itself has none, and the others get it one by one.
        const { deletedWith: _, ...own } = opts ?? {};
        super("hopcost:index:MetricsStack", name, args, own);
        const { namespace, image, grafana } = args;
        const clusterMetrics = args.clusterMetrics ?? false;
        const child = childOptions(this, opts);
        const settings = { name, namespace, image, clusterMetrics };

        const serviceAccount = serviceAccountOf(settings, child);
        if (clusterMetrics) readCluster(settings, serviceAccount, { parent: this });
        this.prometheusUrl = prometheusOf(settings, serviceAccount, child);
        if (grafana !== undefined) grafanaOf({ ...settings, image: grafana.image }, child);
        this.registerOutputs({ prometheusUrl: this.prometheusUrl });
    }
}

/** Makes the identity of Prometheus, which may find the Pods of its namespace. @returns its name */
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

/** Makes Prometheus. @returns its URL */
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

/** Makes Grafana. */
function grafanaOf(settings: BystanderSettings, child: pulumi.CustomResourceOptions): void {
    const { name, namespace } = settings;
    const object = grafanaName(name);
    const manifest = filesConfigMap(name, "grafana", namespace, grafanaFiles(settings));
    const config = new k8s.core.v1.ConfigMap(`${object}-config`, manifest, child);
    const pod = grafanaPod(settings, { config: config.metadata.name });
    new k8s.apps.v1.Deployment(object, bystanderDeployment(pod), child);
    new k8s.networking.v1.NetworkPolicy(object, grafanaNetworkPolicy(settings), child);
}
