import type * as k8s from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { isA, type KubernetesObject, type Metadata, specOf, titleOf } from "./objects.ts";

/** The specification of a Pod. */
export type PodSpec = Unwrap<k8s.types.input.core.v1.PodSpec>;
/** A container of any kind; for init and ephemeral containers, the fields that all kinds share. */
export type Container = Unwrap<k8s.types.input.core.v1.Container>;

/** A Pod, or the Pod template of an object. */
export interface Pod {
    /** The object that contains it. */
    object: KubernetesObject;
    metadata: Metadata;
    spec: PodSpec;
}

/** One container and its name in messages. */
export interface NamedContainer {
    /** E.g. `Deployment "net-sender", container "sender"`. */
    title: string;
    container: Container;
}

interface Template {
    metadata?: Metadata;
    spec?: PodSpec;
}

/** The Pod template of each kind that creates Pods. */
const templates: Record<string, (object: KubernetesObject) => Template | undefined> = {
    Pod: ({ props }) => props as Template,
    PodTemplate: ({ props }) => props.template as Template | undefined,
    CronJob: (object) =>
        specOf<{ jobTemplate: { spec?: { template?: Template } } }>(object).jobTemplate?.spec?.template,
};
for (const kind of ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"]) {
    templates[kind] = (object) => specOf<{ template: Template }>(object).template;
}

/** The kinds that contain a Pod specification. */
export const podKinds: readonly string[] = Object.keys(templates);

/** The Pod of an object; undefined if its kind has none. */
export function podOf(object: KubernetesObject): Pod | undefined {
    const template = isA(object, podKinds) ? templates[object.kind]?.(object) : undefined;
    if (template === undefined) return undefined;
    return {
        object,
        // Read on demand: an unknown value affects only the rules that need it.
        get metadata() {
            return template.metadata ?? {};
        },
        get spec() {
            return template.spec ?? ({ containers: [] } satisfies PodSpec);
        },
    };
}

/** Whether a Pod declares Windows; Kubernetes rejects the Linux security fields there. */
export function isOfWindows({ spec }: Pod): boolean {
    return spec.os?.name === "windows";
}

/** Every container of a Pod: init containers (including native sidecars), ordinary ones, ephemeral ones. */
export function* containersOf(pod: Pod): Generator<NamedContainer> {
    const { spec } = pod;
    const lists = {
        "init container": () => spec.initContainers,
        container: () => spec.containers,
        "ephemeral container": () => spec.ephemeralContainers as Container[] | undefined,
    };
    // An unknown list throws only after the others have been checked.
    let unknown: unknown;
    for (const [what, list] of Object.entries(lists)) {
        try {
            yield* named(pod, what, list());
        } catch (error) {
            unknown = error;
        }
    }
    if (unknown !== undefined) throw unknown;
}

/** Every container that lives as long as its Pod: ordinary ones and native sidecars. */
export function* lastingContainersOf(pod: Pod): Generator<NamedContainer> {
    const { spec } = pod;
    yield* named(pod, "container", spec.containers);
    for (const one of named(pod, "init container", spec.initContainers)) {
        if (one.container.restartPolicy === "Always") yield one;
    }
}

function* named(pod: Pod, what: string, containers: Container[] = []): Generator<NamedContainer> {
    for (const index of containers.keys()) {
        const name = knownName(containers, index) ?? `number ${index + 1}`;
        yield {
            title: `${titleOf(pod.object)}, ${what} ${name}`,
            // Read on demand: an unknown container doesn't hide the others.
            get container() {
                return containers[index] as Container;
            },
        };
    }
}

/** Name of a container, if known; a container without a known name is still judged. */
function knownName(containers: Container[], index: number): string | undefined {
    try {
        return JSON.stringify(containers[index]?.name);
    } catch {
        return undefined;
    }
}
