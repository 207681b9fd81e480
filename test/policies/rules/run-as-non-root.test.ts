import { runAsNonRoot } from "../../../policies/rules/run-as-non-root.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(runAsNonRoot, [
    ["passes where the Pod says so", [web], []],
    [
        "names the container that may run as root",
        [changed(web, "spec.template.spec.securityContext.runAsNonRoot", undefined)],
        [
            'Deployment "web", container "app": may run as root; set securityContext.runAsNonRoot: true, of the Pod or the container',
        ],
    ],
    [
        "sees that a container takes back what the Pod says",
        [changed(web, "spec.template.spec.containers.0.securityContext.runAsNonRoot", false)],
        [
            'Deployment "web", container "app": may run as root; set securityContext.runAsNonRoot: true, of the Pod or the container',
        ],
    ],
    [
        "refuses user 0",
        [changed(web, "spec.template.spec.containers.0.securityContext.runAsUser", 0)],
        ['Deployment "web", container "app": runs as user 0; set securityContext.runAsUser to another, e.g. 1000'],
    ],
    [
        "says what it could not see yet",
        [changed(web, "spec.template.spec.securityContext.runAsNonRoot", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.securityContext.runAsNonRoot")],
    ],
]);
