import { noHostPorts } from "../../../policies/rules/no-host-ports.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noHostPorts, [
    [
        "passes ports of the Pod",
        [
            changed(web, "spec.template.spec.containers.0.ports", [
                { containerPort: 80 },
                { containerPort: 81, hostPort: 0 },
            ]),
        ],
        [],
    ],
    [
        "names the port",
        [changed(web, "spec.template.spec.containers.0.ports", [{ containerPort: 80, hostPort: 8080 }])],
        ['Deployment "web", container "app": ... 8080 ... hostPort ... Service'],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.ports.0.hostPort", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.containers.0.ports.0.hostPort")],
    ],
]);
