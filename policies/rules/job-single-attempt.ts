import { jobKinds, jobSpecOf } from "../jobs.ts";
import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy */
export const jobSingleAttempt = objectRule(
    {
        name: "job-single-attempt",
        group: "reproducibility",
        description:
            "A Job has one attempt. An automatic retry measures under different conditions, and hides that the first attempt failed.",
    },
    jobKinds,
    (object) => {
        const { backoffLimit = 6, template } = jobSpecOf(object);
        const restart = template?.spec?.restartPolicy;
        return [
            backoffLimit === 0 ? undefined : `runs up to ${backoffLimit + 1} times; set backoffLimit: 0`,
            restart === "Never"
                ? undefined
                : `has the restartPolicy ${restart ?? "Always"} in its Pod template; set Never`,
        ];
    },
);
