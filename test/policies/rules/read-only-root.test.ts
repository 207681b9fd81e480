import { readOnlyRoot } from "../../../policies/rules/read-only-root.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(readOnlyRoot, [
    ["passes a read-only root file system", [web], []],
    [
        "names the container that can write",
        [changed(web, "spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem", undefined)],
        ['Deployment "web", container "app": ... securityContext.readOnlyRootFilesystem ... emptyDir'],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem", unknown)],
        [
            unknownAt(
                'Deployment "web", container "app"',
                "spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem",
            ),
        ],
    ],
]);
