import { type KubernetesObject, titleOf } from "./objects.ts";
import { lastingContainersOf, type NamedContainer, type Pod, podOf } from "./pod-specs.ts";
import type { Look } from "./unknowns.ts";

/** Label of every measured Pod, with any value. */
export const measuredLabel = "hopcost.io/measured";
/** Label of the measured Pods that take the times. */
export const initiatorLabel = "hopcost.io/initiator";
/** Annotation of a Pod: the names of its volumes on the node's disk, separated by commas. */
export const diskVolumesAnnotation = "hopcost.io/disk-volumes";
/** Label with the id of the run that an object belongs to. */
export const runIdLabel = "hopcost.io/run-id";

/** Whether the Pods of an object are measured. */
export function isMeasured(pod: Pod): boolean {
    return pod.metadata.labels?.[measuredLabel] !== undefined;
}

/**
 * Looks for the measured Pods of a program: first those that take the times, which the others are compared with. A Pod is
 * reported and left out if it isn't known yet whether it is measured.
 */
export function* measuredPods(objects: readonly KubernetesObject[]): Generator<Look, Pod[]> {
    const [initiators, others]: [Pod[], Pod[]] = [[], []];
    for (const object of objects) {
        const look = () => {
            const pod = podOf(object);
            if (pod === undefined || !isMeasured(pod)) return undefined;
            (isInitiator(pod) ? initiators : others).push(pod);
            return undefined;
        };
        yield { title: titleOf(object), urn: object.urn, look };
    }
    return [...initiators, ...others];
}

/** Whether the Pods of an object take the times. */
export function isInitiator(pod: Pod): boolean {
    return pod.metadata.labels?.[initiatorLabel] !== undefined;
}

/**
 * Checks that a value is the same in all measured containers: each is compared with the first.
 * @param what for the message, e.g. `the image`
 * @param of the value of a container; any text
 * @param remedy what to do about a difference
 * @param keyOf the text to compare, if equal values can have different texts
 */
export function* sameInAll(
    objects: readonly KubernetesObject[],
    what: string,
    of: (container: NamedContainer["container"]) => string,
    remedy: string,
    keyOf: typeof of = of,
): Generator<Look> {
    const all: (NamedContainer & { urn: string })[] = [];
    for (const pod of yield* measuredPods(objects)) {
        const { object } = pod;
        const look = () => {
            for (const named of lastingContainersOf(pod)) all.push({ ...named, urn: object.urn });
            return undefined;
        };
        yield { title: titleOf(object), urn: object.urn, look };
    }
    const [first, ...others] = all;
    if (first === undefined) return;
    for (const { title, container, urn } of others) {
        const look = () => {
            if (keyOf(container) === keyOf(first.container)) return undefined;
            return difference(what, of(container), first.title, of(first.container), remedy);
        };
        yield { title, urn, look };
    }
}

/** The finding if two values differ. */
export function difference(what: string, mine: string, other: string, theirs: string, remedy: string) {
    return mine === theirs ? undefined : `${what} is ${mine}, but ${theirs} in ${other}; ${remedy}`;
}
