import type * as pulumi from "@pulumi/pulumi";

/**
 * How long Pulumi waits for a Deployment that Kubernetes itself gives up after `startSeconds`: a little longer, so that
 * the message is Kubernetes' own reason (image, node, scheduler) and not a bare timeout.
 */
export function startTimeouts(startSeconds: number): pulumi.CustomTimeouts {
    const seconds = `${startSeconds + 15}s`;
    return { create: seconds, update: seconds };
}
