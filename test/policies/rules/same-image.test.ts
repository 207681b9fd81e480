import { sameImage } from "../../../policies/rules/same-image.ts";
import { changed, pair, receiver, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(sameImage, [
    [
        "passes if all measured containers agree, whatever the others have",
        [sender, receiver, pair, changed(web, "spec.template.spec.containers.0.image", "other:1")],
        [],
    ],
    [
        "names both containers that differ",
        [sender, changed(receiver, "spec.template.spec.containers.0.image", "other:1"), pair],
        [
            'Deployment "net-receiver", container "receiver": ... "other:1" ... "registry.example/node:24.21.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" ... Deployment ... "net-sender" ... "sender"',
        ],
    ],
    [
        "reports an unknown value",
        [sender, changed(receiver, "spec.template.spec.containers.0.image", unknown)],
        [unknownAt('Deployment "net-receiver", container "receiver"', "spec.template.spec.containers.0.image")],
    ],
]);
