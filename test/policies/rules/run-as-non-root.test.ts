import { runAsNonRoot } from "../../../policies/rules/run-as-non-root.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(runAsNonRoot, [
    ["passes where the Pod says so", [web], []],
    [
        "names the container that may run as root",
        [changed(web, "spec.template.spec.securityContext.runAsNonRoot", undefined)],
        [
            'Deployment "web", container "app": can run as root; set securityContext.runAsNonRoot: true in the Pod or the container',
        ],
    ],
    [
        "sees that a container takes back what the Pod says",
        [changed(web, "spec.template.spec.containers.0.securityContext.runAsNonRoot", false)],
        [
            'Deployment "web", container "app": can run as root; set securityContext.runAsNonRoot: true in the Pod or the container',
        ],
    ],
    [
        "refuses user 0",
        [changed(web, "spec.template.spec.containers.0.securityContext.runAsUser", 0)],
        ['Deployment "web", container "app": runs as user 0; set securityContext.runAsUser to another, e.g. 1000'],
    ],
    [
        "refuses of the Pod what its containers have otherwise, as PSS does",
        [
            changed(
                changed(web, "spec.template.spec.securityContext", {
                    runAsNonRoot: false,
                    runAsUser: 0,
                }),
                "spec.template.spec.containers.0.securityContext",
                { runAsNonRoot: true, runAsUser: 1000 },
            ),
        ],
        [
            'Deployment "web", container "app": is in a Pod that can run as root, which PSS restricted refuses; remove runAsNonRoot from the Pod\'s securityContext',
            'Deployment "web", container "app": is in a Pod that runs as user 0, which PSS restricted refuses; remove runAsUser from the Pod\'s securityContext',
        ],
    ],
    [
        "says what it could not see yet",
        [changed(web, "spec.template.spec.securityContext.runAsNonRoot", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.securityContext.runAsNonRoot")],
    ],
]);
