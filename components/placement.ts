import type * as k8s from "@pulumi/kubernetes";
import { drainedLabel, scenarioLabel } from "../model/names.ts";
import type { Placement } from "./measured-pod-args.ts";

type Labels = Record<string, string>;

/**
 * On every Pod of the main arms: `same-node` gathers these. One that scenarios hurt has `scenarioLabel` instead: it is gathered
 * with its like, and not held to what applies to measured Pods (it is probed, and has other resources).
 */
export const measuredLabel = { "hopcost.io/measured": "true" };
/** On a far responder: it is measured like the others, but nothing is gathered around it. */
const farLabel = { "hopcost.io/measured": "far" };
/** On the initiators' Pods: `cross-node` gathers these on one node and keeps the responder's Pod off it. */
export const initiatorLabel = { "hopcost.io/initiator": "true" };

/** What decides where a measured Pod runs. */
export interface PodPlace {
    /** Name of the component it belongs to. */
    instance: string;
    /** Whether it takes the times. */
    initiator: boolean;
    /** Whether scenarios hurt it, instead of trials measuring it. @default false */
    servesScenarios?: boolean;
    /**
     * For a far responder: labels of the Pod whose node it must avoid. Nothing is gathered around a far responder.
     * @default none
     */
    awayFrom?: Labels;
}

/** Labels by which the placement selects a Pod; it never gathers a far responder. */
export function placementLabels({ initiator, servesScenarios = false, awayFrom }: Omit<PodPlace, "instance">): Labels {
    if (awayFrom !== undefined) return farLabel;
    return { ...(servesScenarios ? scenarioLabel : measuredLabel), ...(initiator ? initiatorLabel : {}) };
}

/**
 * The affinity of a Pod. Kubernetes lets a Pod with affinity to Pods like itself go anywhere while there are none, so
 * the first one chooses the node and the others follow.
 */
export function affinityOf(
    placement: Placement,
    { instance, initiator, servesScenarios = false, awayFrom }: PodPlace,
): { affinity?: k8s.types.input.core.v1.Affinity } {
    if (awayFrom !== undefined) return { affinity: farAffinity(placement, awayFrom) };
    if (servesScenarios) return { affinity: hurtAffinity(placement, instance, initiator) };
    if (placement === "any") return {};
    if (placement === "same-node") return { affinity: { podAffinity: required(measuredLabel) } };
    return {
        affinity: initiator ? { podAffinity: required(initiatorLabel) } : { podAntiAffinity: required(initiatorLabel) },
    };
}

/**
 * Anti-affinity works both ways: a far responder also keeps the Pods it avoids off its own node. So it must not be
 * scheduled before them, or it could take a cluster's only node. It also avoids all Pods gathered with the one it
 * avoids, or one of those could choose the far node first, and the rest couldn't follow.
 */
function farAffinity(placement: Placement, awayFrom: Labels): k8s.types.input.core.v1.Affinity {
    const gathered = { "same-node": measuredLabel, "cross-node": initiatorLabel, any: awayFrom }[placement];
    return {
        // All nodes that Pod can run on have the same operating system, so this only requires that it is scheduled.
        podAffinity: required(awayFrom, "kubernetes.io/os"),
        podAntiAffinity: required(gathered),
    };
}

/**
 * Of a Pod that scenarios hurt. It is only preferably gathered, since a drain sends it to another node: there the Pod that
 * it replaces has {@link drainedLabel}.
 */
function hurtAffinity(placement: Placement, instance: string, initiator: boolean) {
    const away = required({ [drainedLabel]: instance });
    if (placement === "cross-node" && !initiator) {
        const terms = [away, required(initiatorLabel)].flatMap(
            (it) => it.requiredDuringSchedulingIgnoredDuringExecution,
        );
        return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } };
    }
    if (placement === "any") return { podAntiAffinity: away };
    const gathered = placement === "same-node" ? scenarioLabel : initiatorLabel;
    return { podAffinity: preferred(gathered), podAntiAffinity: away };
}

function preferred(matchLabels: Labels) {
    const podAffinityTerm = { labelSelector: { matchLabels }, topologyKey: "kubernetes.io/hostname" };
    return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}

function required(matchLabels: Labels, topologyKey = "kubernetes.io/hostname") {
    return { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels }, topologyKey }] };
}
