/** The driver's permissions, only those it uses; its Role is built from them. Shape of a `rbac/v1` PolicyRule. */
export const driverRules: readonly { apiGroups: string[]; resources: string[]; verbs: string[] }[] = [
    { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "create", "update"] },
    // Why a Pod can't be scheduled, and the QoS class that Kubernetes assigned.
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    // The metrics API's figures of the Pods over a trial.
    { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["list"] },
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
];
