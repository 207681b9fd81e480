import { seccompProfile } from "../../../policies/rules/seccomp-profile.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(seccompProfile, [
    ["passes if the Pod has a profile", [web], []],
    [
        "refuses a container without a profile",
        [changed(web, "spec.template.spec.securityContext.seccompProfile", undefined)],
        ['Deployment "web", container "app": ... securityContext.seccompProfile.type ... RuntimeDefault ... Pod'],
    ],
    [
        "respects a container's override of the Pod",
        [changed(web, "spec.template.spec.containers.0.securityContext.seccompProfile", { type: "Unconfined" })],
        [
            'Deployment "web", container "app": ... "Unconfined" ... securityContext.seccompProfile.type ... RuntimeDefault ... Pod',
        ],
    ],
    [
        "refuses the Pod's profile even if its containers override it, as PSS does",
        [
            changed(
                changed(web, "spec.template.spec.securityContext.seccompProfile.type", "Unconfined"),
                "spec.template.spec.containers.0.securityContext.seccompProfile",
                { type: "RuntimeDefault" },
            ),
        ],
        ['Deployment "web", container "app": ... Pod ... "Unconfined" ... PSS ... securityContext'],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.securityContext.seccompProfile.type", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.securityContext.seccompProfile.type")],
    ],
]);
