import { imageDigest } from "../../../policies/rules/image-digest.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(imageDigest, [
    [
        "passes a digest, and the images that are exempt by default",
        [web, changed(web, "spec.template.spec.containers.0.image", "hopcost.local/node:24.21.0")],
        [],
    ],
    [
        "refuses an image without a digest",
        [changed(web, "spec.template.spec.containers.0.image", "nginx:1.29.3")],
        ['Deployment "web", container "app": ... "nginx:1.29.3" ... @sha256 ... image-digest.exempt'],
    ],
    [
        "refuses an incomplete digest, and a tag instead of one",
        [
            changed(web, "spec.template.spec.containers.0.image", "nginx:1.29.3@sha256:0123"),
            changed(web, "spec.template.spec.containers.0.image", "nginx@1.29.3"),
        ],
        [
            'Deployment "web", container "app": ... "nginx:1.29.3@sha256:0123" ... @sha256 ... image-digest.exempt',
            'Deployment "web", container "app": ... "nginx@1.29.3" ... @sha256 ... image-digest.exempt',
        ],
    ],
    [
        "compares exempt names as a whole",
        [changed(web, "spec.template.spec.containers.0.image", "docker.io/library/node-red:4.1.0")],
        [
            'Deployment "web", container "app": ... "docker.io/library/node-red:4.1.0" ... @sha256 ... image-digest.exempt',
        ],
    ],
    [
        "passes a configured exemption",
        [changed(web, "spec.template.spec.containers.0.image", "nginx:1.29.3")],
        [],
        { exempt: ["nginx"] },
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.image", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.containers.0.image")],
    ],
]);
