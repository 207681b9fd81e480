import { jobKinds, jobSpecOf } from "../jobs.ts";
import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup */
export const jobDeadline = objectRule<{ maxSeconds: number }>(
    {
        name: "job-deadline",
        group: "reproducibility",
        description: "Every Job has a deadline. A Job that hangs then fails by itself, with a reason.",
        config: {
            maxSeconds: {
                type: "integer",
                minimum: 1,
                default: 86_400,
                description: "The longest deadline, in seconds.",
            },
        },
    },
    jobKinds,
    (object, { maxSeconds }) => {
        const deadline = jobSpecOf(object).activeDeadlineSeconds;
        if (deadline === undefined) return `has no deadline; set activeDeadlineSeconds to at most ${maxSeconds}`;
        if (deadline <= maxSeconds) return undefined;
        return `has a deadline of ${deadline} s; set activeDeadlineSeconds to at most ${maxSeconds}`;
    },
);
