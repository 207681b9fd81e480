/** What the driver may do, from which its Role is built: nothing it does not use. Shape of a `rbac/v1` PolicyRule. */
export const driverRules: readonly { apiGroups: string[]; resources: string[]; verbs: string[] }[] = [
    { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "create", "update"] },
    // Why one of them can't be placed, and the QoS class that Kubernetes gave them.
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    // What the metrics API says of them over a trial.
    { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["list"] },
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
];
