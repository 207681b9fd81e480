import type * as k8s from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { type KubernetesObject, specOf } from "./objects.ts";

type JobSpec = Unwrap<k8s.types.input.batch.v1.JobSpec>;

/** The kinds that are Jobs, or create them. */
export const jobKinds = ["Job", "CronJob"];

/** The specification of a Job, or of the Jobs that a CronJob creates. */
export function jobSpecOf(object: KubernetesObject): Partial<JobSpec> {
    if (object.kind === "Job") return specOf<JobSpec>(object);
    return specOf<{ jobTemplate: { spec?: JobSpec } }>(object).jobTemplate?.spec ?? {};
}
