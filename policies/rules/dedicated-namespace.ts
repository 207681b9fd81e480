import { namespaceOf } from "../objects.ts";
import { podKinds } from "../pod-specs.ts";
import { objectRule } from "../rule.ts";

const namespaced = [
    ...podKinds,
    ...["ConfigMap", "Secret", "Service", "ServiceAccount", "Role", "RoleBinding", "PersistentVolumeClaim"],
    ...["NetworkPolicy", "PodDisruptionBudget", "HorizontalPodAutoscaler", "Ingress", "ResourceQuota", "LimitRange"],
];

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ */
export const dedicatedNamespace = objectRule(
    {
        name: "dedicated-namespace",
        group: "security",
        description:
            "Everything is in a dedicated namespace, neither default nor one of Kubernetes' own. Its permissions and policies then affect only this program, and deleting the namespace deletes everything.",
    },
    namespaced,
    (object) => {
        const namespace = namespaceOf(object);
        if (namespace !== "default" && !namespace.startsWith("kube-")) return undefined;
        return `is in the namespace "${namespace}"; set metadata.namespace to a dedicated namespace`;
    },
);
