import { pullPolicy } from "../../../policies/rules/pull-policy.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(pullPolicy, [
    [
        "passes IfNotPresent, also by default",
        [web, changed(web, "spec.template.spec.containers.0.imagePullPolicy", undefined)],
        [],
    ],
    [
        "refuses the other policies",
        [
            changed(web, "spec.template.spec.containers.0.imagePullPolicy", "Always"),
            changed(web, "spec.template.spec.containers.0.imagePullPolicy", "Never"),
        ],
        [
            'Deployment "web", container "app": ... imagePullPolicy ... Always ... IfNotPresent',
            'Deployment "web", container "app": ... imagePullPolicy ... Never ... IfNotPresent',
        ],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.imagePullPolicy", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.containers.0.imagePullPolicy")],
    ],
]);
