import * as pulumi from "@pulumi/pulumi";
import { shortHash } from "../bundle.ts";
import { labelsOf } from "../measured-pod.ts";

/** Contents by file name. */
export type Files = Record<string, string>;

/**
 * The ConfigMap of a program's configuration. Its name ends in the hash of its content, so that a change rolls the Pod.
 */
export function filesConfigMap(
    instance: string,
    component: string,
    namespace: pulumi.Input<string>,
    files: pulumi.Input<Files>,
) {
    const hash = pulumi.output(files).apply((files) => shortHash(Object.entries(files).flat()));
    return {
        metadata: {
            name: pulumi.interpolate`${instance}-${component}-${hash}`,
            namespace,
            labels: labelsOf(instance, component),
        },
        immutable: true,
        data: files,
    };
}
