import type * as k8s from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { isA, type KubernetesObject, type Metadata, specOf, titleOf } from "./objects.ts";

/** What a Pod is made of. */
export type PodSpec = Unwrap<k8s.types.input.core.v1.PodSpec>;
/** A container of any kind; of init containers and ephemeral ones the fields that all have. */
export type Container = Unwrap<k8s.types.input.core.v1.Container>;

/** A Pod, or the template of the Pods that an object makes. */
export interface Pod {
    /** The object that it stands in. */
    object: KubernetesObject;
    metadata: Metadata;
    spec: PodSpec;
}

/** One container and how messages name it. */
export interface NamedContainer {
    /** E.g. `Deployment "net-sender", container "sender"`. */
    title: string;
    container: Container;
}

interface Template {
    metadata?: Metadata;
    spec?: PodSpec;
}

/** Where each kind that makes Pods keeps what they are made from. */
const templates: Record<string, (object: KubernetesObject) => Template | undefined> = {
    Pod: ({ props }) => props as Template,
    PodTemplate: ({ props }) => props.template as Template | undefined,
    CronJob: (object) =>
        specOf<{ jobTemplate: { spec?: { template?: Template } } }>(object).jobTemplate?.spec?.template,
};
for (const kind of ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"]) {
    templates[kind] = (object) => specOf<{ template: Template }>(object).template;
}

/** The kinds that carry the specification of a Pod. */
export const podKinds: readonly string[] = Object.keys(templates);

/** The Pod of an object; undefined where its kind has none. */
export function podOf(object: KubernetesObject): Pod | undefined {
    const template = isA(object, podKinds) ? templates[object.kind]?.(object) : undefined;
    if (template === undefined) return undefined;
    return {
        object,
        // Read when they are asked for: one that is unknown concerns only the rules that need it.
        get metadata() {
            return template.metadata ?? {};
        },
        get spec() {
            return template.spec ?? ({ containers: [] } satisfies PodSpec);
        },
    };
}

/** Whether a Pod says that it is of Windows, where Kubernetes refuses what confines a container of Linux. */
export function isOfWindows({ spec }: Pod): boolean {
    return spec.os?.name === "windows";
}

/** Every container of a Pod: init containers (native sidecars are among them), ordinary ones, ephemeral ones. */
export function* containersOf(pod: Pod): Generator<NamedContainer> {
    const { spec } = pod;
    const lists = {
        "init container": () => spec.initContainers,
        container: () => spec.containers,
        "ephemeral container": () => spec.ephemeralContainers as Container[] | undefined,
    };
    // A list that is unknown throws when the others have been looked at.
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
            // Read when it is looked at: one that is unknown hides none of the others.
            get container() {
                return containers[index] as Container;
            },
        };
    }
}

/** A container whose name is still unknown is judged all the same. */
function knownName(containers: Container[], index: number): string | undefined {
    try {
        return JSON.stringify(containers[index]?.name);
    } catch {
        return undefined;
    }
}
