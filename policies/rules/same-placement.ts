import { difference, initiatorLabel, isInitiator, measuredPods } from "../measured.ts";
import { canonical, titleOf } from "../objects.ts";
import type { Pod } from "../pod-specs.ts";
import { stackRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export const samePlacement = stackRule(
    {
        name: "same-placement",
        group: "fairness",
        description: `All measured Pods may run on the same nodes, with the same priority and runtime, and those that take the times (label ${initiatorLabel}) have the same affinity. Else the arms are measured on different machines.`,
    },
    function* (objects) {
        const pods = yield* measuredPods(objects);
        yield* compared(pods, "the choice of its nodes", nodesOf);
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

/** What decides about nodes apart from the affinity to other Pods, in which initiators and responders may differ. */
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
    // Charts write down what is empty, which chooses nothing.
    return canonical(Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value))));
}

function isEmpty(value: unknown): boolean {
    return value === "" || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
}
