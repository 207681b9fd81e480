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
        ['Job "driver": ... activeDeadlineSeconds ... 86400', 'CronJob "nightly": ... activeDeadlineSeconds ... 86400'],
    ],
    [
        "refuses a deadline longer than configured",
        [job],
        ['Job "driver": ... 600 ... activeDeadlineSeconds ... 60'],
        { maxSeconds: 60 },
    ],
    [
        "reports an unknown value",
        [changed(job, "spec.activeDeadlineSeconds", unknown)],
        [unknownAt('Job "driver"', "spec.activeDeadlineSeconds")],
    ],
]);
