import type * as k8s from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";

/** The part of an object that all kinds have. */
export type Metadata = Unwrap<k8s.types.input.meta.v1.ObjectMeta>;

/** Groups of resources that are not objects: the provider or Helm makes objects from them. The provider declares those too. */
const providersOwn = ["helm.sh", "kustomize", "yaml"];

/** A resource as Pulumi hands it to a policy. Reading a value that is unknown in a preview throws. */
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
    /** API group, e.g. `apps`; `core` for the unnamed group. */
    group: string;
    /** Version in the group, e.g. `v1`. */
    version: string;
    kind: string;
    /** Whether it patches an object that others declare, e.g. a `DeploymentPatch`; `kind` is the object's. */
    isPatch: boolean;
    props: { metadata?: Metadata } & Record<string, unknown>;
}

/**
 * Reads the type of a resource: any group and version, so that old and new versions of a kind are judged alike.
 * @returns undefined if it isn't a Kubernetes object
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

/** The same value, with null read as absent, as Kubernetes does; templates leave many keys without a value. */
function withoutNulls<T>(value: T): T {
    if (typeof value !== "object" || value === null) return value;
    return new Proxy(value, {
        get: (target, key) => withoutNulls(Reflect.get(target, key) ?? undefined),
        ownKeys: (target) =>
            // A descriptor, unlike a read, doesn't throw if a value is unknown.
            Reflect.ownKeys(target).filter((key) => Reflect.getOwnPropertyDescriptor(target, key)?.value !== null),
    });
}

/** Whether an object has one of Kubernetes' own kinds; other kinds can share a name, e.g. Crossplane's `Role` for AWS. */
export function isA({ group, kind }: Pick<KubernetesObject, "group" | "kind">, kinds: readonly string[]): boolean {
    return kinds.includes(kind) && (!group.includes(".") || group.endsWith(".k8s.io"));
}

/** The name of an object in messages, e.g. `Deployment "net-sender"`: the name in the program. */
export function titleOf({ kind, isPatch, name }: KubernetesObject): string {
    return `${kind}${isPatch ? "Patch" : ""} "${name}"`;
}

/** The specification of an object, in the shape that the caller expects of its kind. */
export function specOf<T>(object: KubernetesObject): Partial<T> {
    return (object.props.spec as T | undefined) ?? {};
}

/** Namespace of an object; `default` if none is named, as in Kubernetes. */
export function namespaceOf(object: KubernetesObject): string {
    return object.props.metadata?.namespace ?? "default";
}

/** Name of an object in the cluster; undefined if Pulumi or Kubernetes generates it. */
export function nameOf(object: KubernetesObject): string | undefined {
    return object.props.metadata?.name;
}

/** Whether Pulumi or Kubernetes generates the name of an object, a new one each time. */
export function isAutonamed(object: KubernetesObject): boolean {
    return nameOf(object) === undefined || object.props.metadata?.annotations?.["pulumi.com/autonamed"] === "true";
}

/** A value as text; equal values have equal text, in any order of their keys. */
export function canonical(value: unknown): string {
    return (
        JSON.stringify(value, (_key, part: unknown) =>
            typeof part === "object" && part !== null && !Array.isArray(part)
                ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
                : part,
        ) ?? "none"
    );
}
