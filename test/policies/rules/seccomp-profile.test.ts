import { seccompProfile } from "../../../policies/rules/seccomp-profile.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(seccompProfile, [
    ["passes if the Pod has a profile", [web], []],
    [
        "refuses a container without a profile",
        [changed(web, "spec.template.spec.securityContext.seccompProfile", undefined)],
        [
            'Deployment "web", container "app": has no seccomp profile; set securityContext.seccompProfile.type: RuntimeDefault in the Pod or the container',
        ],
    ],
    [
        "respects a container's override of the Pod",
        [changed(web, "spec.template.spec.containers.0.securityContext.seccompProfile", { type: "Unconfined" })],
        [
            'Deployment "web", container "app": has the seccomp profile "Unconfined"; set securityContext.seccompProfile.type: RuntimeDefault in the Pod or the container',
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
        [
            'Deployment "web", container "app": is in a Pod with the seccomp profile "Unconfined", which PSS restricted refuses; remove it from the Pod\'s securityContext',
        ],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.securityContext.seccompProfile.type", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.securityContext.seccompProfile.type")],
    ],
]);
