import { imageTag } from "../../../policies/rules/image-tag.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(imageTag, [
    [
        "passes a version, also behind a port",
        [changed(web, "spec.template.spec.containers.0.image", "registry.example:5000/node:24.21.0")],
        [],
    ],
    [
        "names an image without a tag",
        [changed(web, "spec.template.spec.containers.0.image", "registry.example:5000/node")],
        [
            'Deployment "web", container "app": image "registry.example:5000/node" has no tag; use a version tag, e.g. 1.29.3',
        ],
    ],
    [
        "names latest, and a tag that is no version",
        [
            changed(web, "spec.template.spec.containers.0.image", "nginx:latest"),
            changed(web, "spec.template.spec.containers.0.image", "nginx:stable"),
        ],
        [
            'Deployment "web", container "app": image "nginx:latest" has the tag "latest", which is not a version; use a version tag, e.g. 1.29.3',
            'Deployment "web", container "app": image "nginx:stable" has the tag "stable", which is not a version; use a version tag, e.g. 1.29.3',
        ],
    ],
    [
        "says what it could not see yet",
        [changed(web, "spec.template.spec.containers.0.image", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.containers.0.image")],
    ],
]);
