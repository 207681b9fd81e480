import type * as k8s from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";

/** The part of an object that all kinds have. */
export type Metadata = Unwrap<k8s.types.input.meta.v1.ObjectMeta>;

/** Groups of resources that are no objects: the provider makes objects from them, which it declares as well, or Helm does. */
const providersOwn = ["helm.sh", "kustomize", "yaml"];

/** What a program declares, as Pulumi hands it to a policy. Reading a value that is unknown in a preview throws. */
export interface Declared {
    /** Pulumi's type, e.g. `kubernetes:apps/v1:Deployment`. */
    type: string;
    /** Name of the resource in the program. */
    name: string;
    urn: string;
    props: Record<string, unknown>;
}

/** An object of Kubernetes. */
export interface KubernetesObject extends Declared {
    /** API group, e.g. `apps`; `core` for the one without a name. */
    group: string;
    /** Version in the group, e.g. `v1`. */
    version: string;
    kind: string;
    /** Whether it is a part that is laid over an object which others declare, e.g. a `DeploymentPatch`; `kind` is the object's. */
    isPatch: boolean;
    props: { metadata?: Metadata } & Record<string, unknown>;
}

/**
 * Reads the type of a resource: any group and version, so that an old version of a kind is judged as the new one is.
 * @returns undefined where it is no object of Kubernetes
 */
export function kubernetesObject(resource: Declared): KubernetesObject | undefined {
    const [, group, version, kind] = /^kubernetes:([^:/]+)\/([^:/]+):(\w+)$/.exec(resource.type) ?? [];
    if (group === undefined || version === undefined || kind === undefined) return undefined;
    if (providersOwn.includes(group)) return undefined;
    const { type, name, urn, props } = resource;
    const object = { type, name, urn, props: withoutNulls(props), group, version, kind, isPatch: false };
    const [, patched] = /^(\w+)Patch$/.exec(kind) ?? [];
    return patched === undefined || !isA(object, [kind]) ? object : { ...object, kind: patched, isPatch: true };
}

/** The same value, in which null reads as nothing: so Kubernetes takes it, and templates leave many keys without a value. */
function withoutNulls<T>(value: T): T {
    if (typeof value !== "object" || value === null) return value;
    return new Proxy(value, {
        get: (target, key) => withoutNulls(Reflect.get(target, key) ?? undefined),
        ownKeys: (target) =>
            // A descriptor, unlike a read, doesn't throw where a value is unknown.
            Reflect.ownKeys(target).filter((key) => Reflect.getOwnPropertyDescriptor(target, key)?.value !== null),
    });
}

/** Whether an object is of one of Kubernetes' own kinds; those of others may share a name, such as Crossplane's `Role` for AWS. */
export function isA({ group, kind }: Pick<KubernetesObject, "group" | "kind">, kinds: readonly string[]): boolean {
    return kinds.includes(kind) && (!group.includes(".") || group.endsWith(".k8s.io"));
}

/** How a message names an object, e.g. `Deployment "net-sender"`: as the program does. */
export function titleOf({ kind, isPatch, name }: KubernetesObject): string {
    return `${kind}${isPatch ? "Patch" : ""} "${name}"`;
}

/** The specification of an object, of the shape that the caller knows its kind to have. */
export function specOf<T>(object: KubernetesObject): Partial<T> {
    return (object.props.spec as T | undefined) ?? {};
}

/** Namespace of an object; Kubernetes takes `default` where none is named. */
export function namespaceOf(object: KubernetesObject): string {
    return object.props.metadata?.namespace ?? "default";
}

/** Name of an object in the cluster; undefined where Pulumi or Kubernetes makes it up. */
export function nameOf(object: KubernetesObject): string | undefined {
    return object.props.metadata?.name;
}

/** Whether Pulumi or Kubernetes makes up the name of an object, another one each time. */
export function isAutonamed(object: KubernetesObject): boolean {
    return nameOf(object) === undefined || object.props.metadata?.annotations?.["pulumi.com/autonamed"] === "true";
}

/** A value as text that is the same for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
    return (
        JSON.stringify(value, (_key, part: unknown) =>
            typeof part === "object" && part !== null && !Array.isArray(part)
                ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
                : part,
        ) ?? "none"
    );
}
