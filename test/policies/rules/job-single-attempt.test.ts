import { jobSingleAttempt } from "../../../policies/rules/job-single-attempt.ts";
import { changed, job } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(jobSingleAttempt, [
    ["passes a Job with one attempt", [job], []],
    [
        "names the number of attempts",
        [changed(job, "spec.backoffLimit", undefined)],
        ['Job "driver": ... 7 ... backoffLimit ... 0'],
    ],
    [
        "names the restartPolicy",
        [changed(job, "spec.template.spec.restartPolicy", "OnFailure")],
        ['Job "driver": ... restartPolicy ... OnFailure ... Pod ... Never'],
    ],
    [
        "reports an unknown value",
        [changed(job, "spec.backoffLimit", unknown)],
        [unknownAt('Job "driver"', "spec.backoffLimit")],
    ],
]);
