import { dropCapabilities } from "../../../policies/rules/drop-capabilities.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(dropCapabilities, [
    [
        "passes if all are dropped and only the harmless one is added",
        [
            changed(web, "spec.template.spec.containers.0.securityContext.capabilities", {
                drop: ["ALL"],
                add: ["NET_BIND_SERVICE"],
            }),
        ],
        [],
    ],
    [
        "refuses a container that keeps the default capabilities",
        [changed(web, "spec.template.spec.containers.0.securityContext.capabilities", undefined)],
        ['Deployment "web", container "app": ... securityContext.capabilities.drop ... ["ALL"]'],
    ],
    [
        "names the added capabilities",
        [changed(web, "spec.template.spec.containers.0.securityContext.capabilities.add", ["NET_ADMIN", "SYS_TIME"])],
        ['Deployment "web", container "app": ... NET_ADMIN ... SYS_TIME ... securityContext.capabilities.add'],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.securityContext.capabilities.drop.0", unknown)],
        [
            unknownAt(
                'Deployment "web", container "app"',
                "spec.template.spec.containers.0.securityContext.capabilities.drop.0",
            ),
        ],
    ],
]);
