import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of every child of a component: its parent, and the component's `deletedWith`. The engine passes a parent's
 * `deletedWith` down to every child, but a component with children outside the namespace can't have one (MetricsStack).
 * With the namespace as `deletedWith`, `destroy` deletes only the namespace and Kubernetes does the rest.
 */
export function childOptions(
    parent: pulumi.ComponentResource,
    opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
    return opts?.deletedWith === undefined ? { parent } : { parent, deletedWith: opts.deletedWith };
}
