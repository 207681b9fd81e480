import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * How long Pulumi waits for a Deployment. Kubernetes reports the cause of a failure (the image, the scheduler) much
 * sooner than Pulumi's default of ten minutes, but Pulumi shows it only at the end.
 */
export function startTimeouts(startSeconds: number): pulumi.CustomTimeouts {
    return { create: `${startSeconds}s`, update: `${startSeconds}s` };
}

/** The host name of a Service, known once the Pods of its Deployment are ready to be called. */
export function hostOf(service: k8s.core.v1.Service, deployment: k8s.apps.v1.Deployment): pulumi.Output<string> {
    return pulumi.all([service.metadata.name, deployment.metadata.name]).apply(([host]) => host);
}
