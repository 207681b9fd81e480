import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * How long Pulumi waits for a Deployment that Kubernetes itself gives up after `startSeconds`: a little longer, so that
 * the message is Kubernetes' own reason (image, node, scheduler) and not a bare timeout.
 */
export function startTimeouts(startSeconds: number): pulumi.CustomTimeouts {
    const seconds = `${startSeconds + 15}s`;
    return { create: seconds, update: seconds };
}

/** The host name of a Service, known once the Pods of its Deployment are ready: who has it may call. */
export function hostOf(service: k8s.core.v1.Service, deployment: k8s.apps.v1.Deployment): pulumi.Output<string> {
    return pulumi.all([service.metadata.name, deployment.metadata.name]).apply(([host]) => host);
}
