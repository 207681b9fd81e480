import { runAsNonRoot } from "../../../policies/rules/run-as-non-root.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(runAsNonRoot, [
    ["passes if the Pod sets it", [web], []],
    [
        "refuses a container that can run as root",
        [changed(web, "spec.template.spec.securityContext.runAsNonRoot", undefined)],
        ['Deployment "web", container "app": ... securityContext.runAsNonRoot ... Pod'],
    ],
    [
        "refuses a container that overrides the Pod's setting",
        [changed(web, "spec.template.spec.containers.0.securityContext.runAsNonRoot", false)],
        ['Deployment "web", container "app": ... securityContext.runAsNonRoot ... Pod'],
    ],
    [
        "refuses user 0",
        [changed(web, "spec.template.spec.containers.0.securityContext.runAsUser", 0)],
        ['Deployment "web", container "app": ... 0 ... securityContext.runAsUser ... 1000'],
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
            'Deployment "web", container "app": ... Pod ... PSS ... runAsNonRoot ... securityContext',
            'Deployment "web", container "app": ... Pod ... 0 ... PSS ... runAsUser ... securityContext',
        ],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.securityContext.runAsNonRoot", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.securityContext.runAsNonRoot")],
    ],
]);
