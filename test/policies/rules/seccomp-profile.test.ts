import { seccompProfile } from "../../../policies/rules/seccomp-profile.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(seccompProfile, [
    ["passes where the Pod has one", [web], []],
    [
        "names a container without one",
        [changed(web, "spec.template.spec.securityContext.seccompProfile", undefined)],
        [
            'Deployment "web", container "app": has no seccomp profile; set securityContext.seccompProfile.type: RuntimeDefault in the Pod or the container',
        ],
    ],
    [
        "sees that a container overrides the Pod",
        [changed(web, "spec.template.spec.containers.0.securityContext.seccompProfile", { type: "Unconfined" })],
        [
            'Deployment "web", container "app": has the seccomp profile "Unconfined"; set securityContext.seccompProfile.type: RuntimeDefault in the Pod or the container',
        ],
    ],
    [
        "refuses that of the Pod also where its containers have another one, as PSS does",
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
        "says what it could not see yet",
        [changed(web, "spec.template.spec.securityContext.seccompProfile.type", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.securityContext.seccompProfile.type")],
    ],
]);
