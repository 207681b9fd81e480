import { runAsNonRoot } from "../../../policies/rules/run-as-non-root.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(runAsNonRoot, [
    ["passes if the Pod sets it", [web], []],
    [
        "refuses a container that can run as root",
        [changed(web, "spec.template.spec.securityContext.runAsNonRoot", undefined)],
        [
            'Deployment "web", container "app": can run as root; set securityContext.runAsNonRoot: true in the Pod or the container',
        ],
    ],
    [
        "refuses a container that overrides the Pod's setting",
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
        "refuses the Pod's value even if its containers override it, as PSS does",
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
        "reports an unknown value",
        [changed(web, "spec.template.spec.securityContext.runAsNonRoot", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.securityContext.runAsNonRoot")],
    ],
]);
