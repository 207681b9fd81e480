import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * How long Pulumi waits for a Deployment. Its default of ten minutes would come long after Kubernetes has said what is in the
 * way (the image, the scheduler), and Pulumi shows that only at the end.
 */
export function startTimeouts(startSeconds: number): pulumi.CustomTimeouts {
    return { create: `${startSeconds}s`, update: `${startSeconds}s` };
}

/** The host name of a Service, known once the Pods of its Deployment are ready: who has it may call. */
export function hostOf(service: k8s.core.v1.Service, deployment: k8s.apps.v1.Deployment): pulumi.Output<string> {
    return pulumi.all([service.metadata.name, deployment.metadata.name]).apply(([host]) => host);
}
