import { stableApiVersions } from "../../../policies/rules/stable-api-versions.ts";
import { another, changed, web } from "../program.ts";
import { unknown, verdicts } from "../support.ts";

verdicts(stableApiVersions, [
    [
        "passes stable versions, and groups without one",
        [web, another("chaos-mesh.org/v1alpha1", "PodChaos", "kill", {})],
        [],
    ],
    [
        "names the unstable version",
        [another("batch/v1beta1", "CronJob", "nightly", {})],
        ['CronJob "nightly": ... batch/v1beta1 ... CronJob ... stable-api-versions.exempt'],
    ],
    [
        "passes a group that is configured",
        [another("example.com/v1alpha1", "Thing", "one", {})],
        [],
        { exempt: ["example.com"] },
    ],
    [
        "reads the version of an object whose other values are unknown",
        [changed(another("batch/v1beta1", "CronJob", "nightly", {}), "spec", unknown)],
        ['CronJob "nightly": ... batch/v1beta1 ... CronJob ... stable-api-versions.exempt'],
    ],
]);
