import { measuredPods } from "../measured.ts";
import { isA, type KubernetesObject, nameOf, namespaceOf, titleOf } from "../objects.ts";
import { stackRule } from "../rule.ts";

/** Labels and annotations with which meshes put proxies into Pods, and the values that do. */
const switches: Record<string, readonly string[]> = {
    "sidecar.istio.io/inject": ["true"],
    "istio-injection": ["enabled"],
    "istio.io/rev": ["*"],
    "istio.io/dataplane-mode": ["ambient"],
    "linkerd.io/inject": ["enabled", "ingress"],
    "consul.hashicorp.com/connect-inject": ["true"],
    "kuma.io/sidecar-injection": ["enabled", "true"],
};

/** @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/ */
export const noMeshSidecars = stackRule(
    {
        name: "no-mesh-sidecars",
        group: "fairness",
        description:
            "No mesh puts a proxy beside measured containers. It would stand in the way of one arm alone: the one that uses the network.",
    },
    function* (objects) {
        const pods = yield* measuredPods(objects);
        for (const { object, metadata } of pods) {
            const look = () => injected({ ...metadata.labels, ...metadata.annotations }, "its Pod template");
            yield { title: titleOf(object), urn: object.urn, look };
        }
        for (const object of objects.filter((other) => isA(other, ["Namespace"]))) {
            const look = () =>
                holdsAny(
                    object,
                    pods.map(({ object }) => object),
                )
                    ? namespaceInjects(object)
                    : undefined;
            yield { title: titleOf(object), urn: object.urn, look };
        }
    },
);

function holdsAny(namespace: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
    const name = nameOf(namespace);
    return objects.some((object) => namespaceOf(object) === name);
}

function namespaceInjects({ props: { metadata } }: KubernetesObject): string[] {
    return injected({ ...metadata?.labels, ...metadata?.annotations }, "it");
}

function injected(given: Record<string, string>, where: string): string[] {
    return Object.entries(given)
        .filter(([key, value]) => switches[key]?.includes("*") || switches[key]?.includes(value))
        .map(([key, value]) => `asks for a mesh's proxy (${key}: ${value}); remove that from ${where}`);
}
