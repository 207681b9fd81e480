import { noPrivilegeEscalation } from "../../../policies/rules/no-privilege-escalation.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noPrivilegeEscalation, [
    ["passes if it is forbidden", [web], []],
    [
        "refuses a container that does not set it",
        [changed(web, "spec.template.spec.containers.0.securityContext", undefined)],
        ['Deployment "web", container "app": ... securityContext.allowPrivilegeEscalation'],
    ],
    [
        "refuses a privileged container",
        [changed(web, "spec.template.spec.containers.0.securityContext.privileged", true)],
        ['Deployment "web", container "app": ... securityContext.privileged'],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation", unknown)],
        [
            unknownAt(
                'Deployment "web", container "app"',
                "spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation",
            ),
        ],
    ],
]);
