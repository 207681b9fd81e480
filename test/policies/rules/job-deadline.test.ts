import { jobDeadline } from "../../../policies/rules/job-deadline.ts";
import { another, changed, job } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(jobDeadline, [
    ["passes a Job with a deadline", [job], []],
    [
        "refuses a Job without a deadline, also of a CronJob",
        [
            changed(job, "spec.activeDeadlineSeconds", undefined),
            another("batch/v1", "CronJob", "nightly", { spec: { jobTemplate: { spec: {} } } }),
        ],
        [
            'Job "driver": has no deadline; set activeDeadlineSeconds to at most 86400',
            'CronJob "nightly": has no deadline; set activeDeadlineSeconds to at most 86400',
        ],
    ],
    [
        "refuses a deadline longer than configured",
        [job],
        ['Job "driver": has a deadline of 600 s; set activeDeadlineSeconds to at most 60'],
        { maxSeconds: 60 },
    ],
    [
        "reports an unknown value",
        [changed(job, "spec.activeDeadlineSeconds", unknown)],
        [unknownAt('Job "driver"', "spec.activeDeadlineSeconds")],
    ],
]);
