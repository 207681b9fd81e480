import { imageTag } from "../../../policies/rules/image-tag.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(imageTag, [
    [
        "passes a version tag, also of a registry with a port",
        [changed(web, "spec.template.spec.containers.0.image", "registry.example:5000/node:24.21.0")],
        [],
    ],
    [
        "refuses an image without a tag",
        [changed(web, "spec.template.spec.containers.0.image", "registry.example:5000/node")],
        ['Deployment "web", container "app": ... "registry.example:5000/node" ... 1.29.3'],
    ],
    [
        "refuses latest, and a tag that is not a version",
        [
            changed(web, "spec.template.spec.containers.0.image", "nginx:latest"),
            changed(web, "spec.template.spec.containers.0.image", "nginx:stable"),
        ],
        [
            'Deployment "web", container "app": ... "nginx:latest" ... "latest" ... 1.29.3',
            'Deployment "web", container "app": ... "nginx:stable" ... "stable" ... 1.29.3',
        ],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.image", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.containers.0.image")],
    ],
]);
