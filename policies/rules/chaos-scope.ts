import { type KubernetesObject, namespaceOf, specOf } from "../objects.ts";
import { objectRule } from "../rule.ts";

interface ChaosMesh {
    selector: { namespaces?: string[] };
    target: { selector?: { namespaces?: string[] } };
}

/** @see https://chaos-mesh.org/docs/define-chaos-experiment-scope/ */
export const chaosScope = objectRule(
    {
        name: "chaos-scope",
        group: "fairness",
        description:
            "An object of Chaos Mesh or Litmus names its own namespace as its scope, and no other. Without one it disturbs everything in the cluster.",
    },
    "any",
    (object) => {
        if (object.group === "chaos-mesh.org")
            return outside(object, meshNamespaces(object), "spec.selector.namespaces");
        if (object.kind !== "ChaosEngine") return undefined;
        const { appinfo } = specOf<{ appinfo: { appns?: string } }>(object);
        return outside(object, appinfo?.appns === undefined ? [] : [appinfo.appns], "spec.appinfo.appns");
    },
);

function meshNamespaces(object: KubernetesObject): string[] {
    const { selector, target } = specOf<ChaosMesh>(object);
    return [...(selector?.namespaces ?? []), ...(target?.selector?.namespaces ?? [])];
}

function outside(object: KubernetesObject, namespaces: string[], field: string): string | undefined {
    const own = namespaceOf(object);
    if (namespaces.length > 0 && namespaces.every((namespace) => namespace === own)) return undefined;
    const scope = namespaces.length === 0 ? "the whole cluster" : namespaces.join(", ");
    return `reaches ${scope}; set ${field} to its own namespace, ${own}, alone`;
}
