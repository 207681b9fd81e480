import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { partOfHopcost } from "../../model/names.ts";
import { agentPort, readerAgentPort } from "../../model/ports.ts";
import { notAwaited, selectorOf } from "../measured-pod.ts";
import { networkPolicy, tcp, toApiServer } from "../network-policies.ts";
import { type Bystander, type BystanderSettings, bystanderMetadata, bystanderName } from "./bystander.ts";
import type { Files } from "./config-files.ts";
import { recordingRules } from "./recording-rules.ts";
import { prometheusConfig, type ScrapeScope } from "./scrape-config.ts";

const component = "prometheus";
/** Port of Prometheus. */
export const prometheusPort = 9090;
const kubeletPort = 10250;

/** Name of all its objects in the namespace, and its host name there. */
export function prometheusName(name: string): string {
    return bystanderName(name, component);
}

/** Its configuration, by file name. */
export function prometheusFiles(scope: ScrapeScope): Files {
    return { "prometheus.yml": stringify(prometheusConfig(scope)), "rules.yml": stringify(recordingRules()) };
}

/**
 * Its Pod, for both upstream's image and the sandbox's. It uses at most one core, and collects garbage before its heap
 * nears the limit. A one-day run of all arms takes about half a gigabyte; older samples are deleted before the volume
 * is full.
 */
export function prometheusPod(
    { name, namespace, image, pod }: BystanderSettings,
    refs: { config: pulumi.Input<string>; serviceAccount: pulumi.Input<string> },
): Bystander {
    return {
        instance: name,
        namespace,
        component,
        image,
        ...refs,
        settings: pod,
        uid: 65534,
        port: prometheusPort,
        readyPath: "/-/ready",
        args: [
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            "--storage.tsdb.retention.time=7d",
            "--storage.tsdb.retention.size=1GB",
        ],
        env: { GOMAXPROCS: "1", GOMEMLIMIT: "400MiB" },
        configPath: "/etc/prometheus",
        writes: { "/prometheus": "2Gi" },
    };
}

/** Its identity; only Pods that ask for the token mount it. */
export function prometheusServiceAccount({ name, namespace }: BystanderSettings) {
    return { metadata: metadataOf(name, namespace), automountServiceAccountToken: false };
}

/** What it may do in the namespace: list the Pods. */
export const prometheusRules = [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }];

/** Its Role. */
export function prometheusRole({ name, namespace }: BystanderSettings) {
    return { metadata: metadataOf(name, namespace), rules: prometheusRules };
}

/** Gives the Role to the ServiceAccount. */
export function prometheusRoleBinding(
    { name, namespace }: BystanderSettings,
    role: pulumi.Input<string>,
    serviceAccount: pulumi.Input<string>,
) {
    return {
        metadata: metadataOf(name, namespace),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
        subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
    };
}

/** The Service through which the driver and Grafana reach it. */
export function prometheusService({ name, namespace }: BystanderSettings) {
    return {
        metadata: { ...metadataOf(name, namespace), annotations: notAwaited },
        spec: {
            type: "ClusterIP",
            selector: selectorOf(name, component),
            ports: [{ name: "web", port: prometheusPort, targetPort: prometheusPort }],
        },
    };
}

/** Our Pods may query it; it may call the agents, the API server, and the kubelets if it scrapes them. */
export function prometheusNetworkPolicy({ name, namespace, clusterMetrics, apiServerPorts }: BystanderSettings) {
    const part = { instance: name, component };
    return networkPolicy(prometheusName(name), part, namespace, {
        ingress: [{ from: [{ podSelector: { matchLabels: partOfHopcost } }], ports: tcp([prometheusPort]) }],
        egress: [
            { to: [{ podSelector: { matchLabels: partOfHopcost } }], ports: tcp([agentPort, readerAgentPort]) },
            toApiServer(apiServerPorts),
            // Like the API server, kubelets have no Pods that a policy could select.
            ...(clusterMetrics ? [{ ports: tcp([kubeletPort]) }] : []),
        ],
    });
}

function metadataOf(name: string, namespace: pulumi.Input<string>) {
    return bystanderMetadata(name, component, namespace);
}
