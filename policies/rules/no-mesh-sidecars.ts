import { measuredPods } from "../measured.ts";
import { isA, type Metadata, nameOf, namespaceOf, titleOf } from "../objects.ts";
import type { Pod } from "../pod-specs.ts";
import { stackRule } from "../rule.ts";

/** Labels and annotations that make a mesh add its proxy, with the values that do. */
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
            "No service mesh adds a proxy to measured Pods. It would slow down only one arm: the one that uses the network.",
    },
    function* (objects) {
        const pods = yield* measuredPods(objects);
        for (const { object, metadata } of pods) {
            const look = () => injections(metadata).map((what) => `${what} from its Pod template`);
            yield { title: titleOf(object), urn: object.urn, look };
        }
        for (const object of objects.filter((other) => isA(other, ["Namespace"]))) {
            const look = () => {
                const inside = pods.filter((pod) => namespaceOf(pod.object) === nameOf(object));
                if (inside.length === 0) return undefined;
                const isWanted = (key: string) => !inside.every((pod) => optsOut(pod, key));
                return injections(object.props.metadata ?? {}, isWanted).map((what) => `${what} from it`);
            };
            yield { title: titleOf(object), urn: object.urn, look };
        }
    },
);

/** The key with which a Pod opts out, for keys where it differs from the namespace's. */
const ofPods: Record<string, string> = {
    "istio-injection": "sidecar.istio.io/inject",
    "istio.io/rev": "sidecar.istio.io/inject",
};

function optsOut({ metadata }: Pod, key: string): boolean {
    const own = ofPods[key] ?? key;
    const value = switchesOf(metadata)[own];
    return value !== undefined && !isOn(own, value);
}

function switchesOf({ labels, annotations }: Metadata): Record<string, string> {
    return { ...labels, ...annotations };
}

function injections(metadata: Metadata, isWanted: (key: string) => boolean = () => true): string[] {
    return Object.entries(switchesOf(metadata))
        .filter(([key, value]) => isOn(key, value) && isWanted(key))
        .map(([key, value]) => `requests a mesh proxy (${key}: ${value}); remove that`);
}

function isOn(key: string, value: string): boolean {
    return switches[key]?.includes("*") === true || switches[key]?.includes(value) === true;
}
