import { difference, initiatorLabel, isInitiator, measuredPods } from "../measured.ts";
import { canonical, titleOf } from "../objects.ts";
import type { Pod } from "../pod-specs.ts";
import { stackRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export const samePlacement = stackRule(
    {
        name: "same-placement",
        group: "fairness",
        description: `All measured Pods can run on the same nodes, with the same priority and runtime. Those that take the times (label ${initiatorLabel}) have the same affinity. Otherwise the arms are measured on different machines.`,
    },
    function* (objects) {
        const pods = yield* measuredPods(objects);
        yield* compared(pods, "its choice of nodes", nodesOf);
        yield* compared(pods.filter(isInitiator), "its affinity", ({ spec }) => canonical(spec.affinity ?? {}));
    },
);

function* compared([first, ...others]: Pod[], what: string, of: (pod: Pod) => string) {
    if (first === undefined) return;
    for (const pod of others) {
        const look = () =>
            difference(what, of(pod), titleOf(first.object), of(first), "give both arms the same placement");
        yield { title: titleOf(pod.object), urn: pod.object.urn, look };
    }
}

/** All fields that affect the node, except the affinity to other Pods: there initiators and responders can differ. */
function nodesOf({ spec }: Pod): string {
    const { nodeName, nodeSelector, tolerations, schedulerName, runtimeClassName, priorityClassName } = spec;
    const { affinity, topologySpreadConstraints } = spec;
    const all = {
        nodeName,
        nodeSelector,
        tolerations,
        schedulerName,
        runtimeClassName,
        priorityClassName,
        nodeAffinity: affinity?.nodeAffinity,
        topologySpreadConstraints,
    };
    // Charts also write empty fields, which have no effect.
    return canonical(Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value))));
}

function isEmpty(value: unknown): boolean {
    return value === "" || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
}
