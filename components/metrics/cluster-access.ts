import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../measured-pod.ts";
import type { BystanderSettings } from "./bystander.ts";
import { prometheusName } from "./prometheus.ts";

/** What Prometheus may read in the whole cluster: the list of nodes, and the kubelets' metrics. */
export const clusterRules = [
    { apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] },
    { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
];

/** Its ClusterRole. */
export function clusterRole(settings: BystanderSettings) {
    return { metadata: clusterMetadata(settings), rules: clusterRules };
}

/** Gives the ClusterRole to the ServiceAccount. */
export function clusterRoleBinding(
    settings: BystanderSettings,
    role: pulumi.Input<string>,
    serviceAccount: pulumi.Input<string>,
) {
    return {
        metadata: clusterMetadata(settings),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace: settings.namespace }],
    };
}

/** The name contains the namespace, so that stacks in one cluster don't collide. */
function clusterMetadata({ name, namespace }: BystanderSettings) {
    return {
        name: pulumi.interpolate`hopcost-${namespace}-${prometheusName(name)}`,
        labels: labelsOf(name, "prometheus"),
    };
}
