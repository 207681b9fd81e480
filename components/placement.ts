import type * as k8s from "@pulumi/kubernetes";
import type { Placement } from "./measured-pod-args.ts";

type Labels = Record<string, string>;

/** On every Pod of the main arms: what `same-node` gathers. */
export const measuredLabel = { "hopcost.io/measured": "true" };
/** On a far responder: it is measured as the others are, but nothing is gathered around it. */
const farLabel = { "hopcost.io/measured": "far" };
/** On the Pods of the initiators: what `cross-node` gathers on one node, and keeps the responder's Pod away from. */
export const initiatorLabel = { "hopcost.io/initiator": "true" };

/** What decides where a measured Pod runs. */
export interface PodPlace {
    /** Whether it takes the times. */
    initiator: boolean;
    /**
     * Of a far responder: labels that select the Pod on whose node it must not be. It is no part of the placement of the
     * others: nothing is gathered around it. @default none
     */
    awayFrom?: Labels;
}

/** Labels by which the placement knows a Pod; it gathers no far responder. */
export function placementLabels({ initiator, awayFrom }: PodPlace): Labels {
    if (awayFrom !== undefined) return farLabel;
    return { ...measuredLabel, ...(initiator ? initiatorLabel : {}) };
}

/**
 * The affinity of a Pod. A Pod that must be near Pods like itself may go anywhere while there is none yet (Kubernetes
 * makes that exception), so the first one chooses the node and the others follow it.
 */
export function affinityOf(
    placement: Placement,
    { initiator, awayFrom }: PodPlace,
): { affinity?: k8s.types.input.core.v1.Affinity } {
    if (awayFrom !== undefined) return { affinity: farAffinity(placement, awayFrom) };
    if (placement === "any") return {};
    if (placement === "same-node") return { affinity: { podAffinity: required(measuredLabel) } };
    return {
        affinity: initiator ? { podAffinity: required(initiatorLabel) } : { podAntiAffinity: required(initiatorLabel) },
    };
}

/**
 * A far responder keeps the Pods it must be away from off its own node as well: Kubernetes reads anti-affinity both ways.
 * So it must not be placed before them, or the only node of a cluster would be taken, and it keeps away from all that are
 * gathered with that Pod, or one of them could choose the far node first, and that Pod could not follow.
 */
function farAffinity(placement: Placement, awayFrom: Labels): k8s.types.input.core.v1.Affinity {
    const gathered = { "same-node": measuredLabel, "cross-node": initiatorLabel, any: awayFrom }[placement];
    return {
        // All nodes on which that Pod can be have the same operating system: it is somewhere, that is all this asks for.
        podAffinity: required(awayFrom, "kubernetes.io/os"),
        podAntiAffinity: required(gathered),
    };
}

function required(matchLabels: Labels, topologyKey = "kubernetes.io/hostname") {
    return { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels }, topologyKey }] };
}
