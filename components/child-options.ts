import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of every child of a component: its parent, and the `deletedWith` that the component was given. The engine hands a
 * parent's down by itself, but a component with children elsewhere can't have it (MetricsStack). With the namespace as
 * `deletedWith`, `destroy` deletes that one object and Kubernetes does the rest.
 */
export function childOptions(
    parent: pulumi.ComponentResource,
    opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
    return opts?.deletedWith === undefined ? { parent } : { parent, deletedWith: opts.deletedWith };
}
