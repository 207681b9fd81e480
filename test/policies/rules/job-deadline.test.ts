import { jobDeadline } from "../../../policies/rules/job-deadline.ts";
import { another, changed, job } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(jobDeadline, [
    ["passes a Job with one", [job], []],
    [
        "names a Job without, also of a CronJob",
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
        "names one that is longer than configured",
        [job],
        ['Job "driver": has a deadline of 600 s; set activeDeadlineSeconds to at most 60'],
        { maxSeconds: 60 },
    ],
    [
        "says what it could not see yet",
        [changed(job, "spec.activeDeadlineSeconds", unknown)],
        [unknownAt('Job "driver"', "spec.activeDeadlineSeconds")],
    ],
]);
