import { isA, type KubernetesObject, nameOf, namespaceOf, specOf, titleOf } from "../objects.ts";
import { podKinds } from "../pod-specs.ts";
import { stackRule } from "../rule.ts";

interface Policy {
    podSelector: { matchLabels?: object; matchExpressions?: unknown[] };
    policyTypes: string[];
    ingress: unknown[];
    egress: unknown[];
}

/** @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies */
export const defaultDeny = stackRule(
    {
        name: "default-deny",
        group: "security",
        description:
            "Each namespace with Pods has a NetworkPolicy that denies all traffic by default. Only traffic that other policies allow is then possible.",
    },
    function* (objects) {
        const seen = new Set<string>();
        const policies = objects.filter((object) => isA(object, ["NetworkPolicy"]));
        const namespaces = objects.filter((object) => isA(object, ["Namespace"]));
        for (const object of [...namespaces, ...objects.filter((object) => isA(object, podKinds))]) {
            const look = () => {
                const namespace = object.kind === "Namespace" ? nameOf(object) : namespaceOf(object);
                if (namespace === undefined || seen.has(namespace)) return undefined;
                seen.add(namespace);
                const own = policies.filter((policy) => namespaceOf(policy) === namespace);
                // One policy may deny each direction.
                if (own.some((one) => denies(one, "Ingress")) && own.some((one) => denies(one, "Egress")))
                    return undefined;
                return `the namespace "${namespace}" has no NetworkPolicy that denies by default; add one with podSelector: {}, policyTypes: [Ingress, Egress] and no rules`;
            };
            yield { title: titleOf(object), urn: object.urn, look };
        }
    },
);

/** Whether a policy denies one direction to every Pod of its namespace. Without policyTypes it covers only ingress. */
function denies(object: KubernetesObject, direction: "Ingress" | "Egress"): boolean {
    const { podSelector = {}, policyTypes = ["Ingress"], ingress = [], egress = [] } = specOf<Policy>(object);
    const all = Object.keys(podSelector.matchLabels ?? {}).length + (podSelector.matchExpressions ?? []).length === 0;
    const opened = direction === "Ingress" ? ingress : egress;
    return all && policyTypes.includes(direction) && opened.length === 0;
}
