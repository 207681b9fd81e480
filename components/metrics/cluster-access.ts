import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../measured-pod.ts";
import type { BystanderSettings } from "./bystander.ts";
import { prometheusName } from "./prometheus.ts";

/** What Prometheus may read in the whole cluster: which nodes there are, and the kubelets' metrics. */
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

/** The name carries the namespace, so that the stacks of one cluster stay apart. */
function clusterMetadata({ name, namespace }: BystanderSettings) {
    return {
        name: pulumi.interpolate`hopcost-${namespace}-${prometheusName(name)}`,
        labels: labelsOf(name, "prometheus"),
    };
}
