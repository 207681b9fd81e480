import { noPrivilegeEscalation } from "../../../policies/rules/no-privilege-escalation.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noPrivilegeEscalation, [
    ["passes where it is forbidden", [web], []],
    [
        "names a container that says nothing",
        [changed(web, "spec.template.spec.containers.0.securityContext", undefined)],
        ['Deployment "web", container "app": can gain privileges; set securityContext.allowPrivilegeEscalation: false'],
    ],
    [
        "refuses a privileged one",
        [changed(web, "spec.template.spec.containers.0.securityContext.privileged", true)],
        ['Deployment "web", container "app": is privileged; remove securityContext.privileged'],
    ],
    [
        "says what it could not see yet",
        [changed(web, "spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation", unknown)],
        [
            unknownAt(
                'Deployment "web", container "app"',
                "spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation",
            ),
        ],
    ],
]);
