/** A rule of a Role; shape of a `rbac/v1` PolicyRule. */
export interface Rule {
    apiGroups: string[];
    resources: string[];
    verbs: string[];
}

/** The driver's permissions, only those it uses; its Role is built from them. */
export const driverRules: readonly Rule[] = [
    { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "create", "update"] },
    // Why a Pod can't be scheduled, and the QoS class that Kubernetes assigned.
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    // The metrics API's figures of the Pods over a trial.
    { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["list"] },
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
];
