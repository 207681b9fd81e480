import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of every child of a component: its parent, and the `deletedWith` of the component, which Pulumi itself hands
 * down to nobody. With the namespace as `deletedWith`, `destroy` deletes that one object and Kubernetes does the rest.
 */
export function childOptions(
    parent: pulumi.ComponentResource,
    opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
    return opts?.deletedWith === undefined ? { parent } : { parent, deletedWith: opts.deletedWith };
}
