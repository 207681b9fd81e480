import { sameImage } from "../../../policies/rules/same-image.ts";
import { changed, pair, receiver, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(sameImage, [
    [
        "passes where all have the same, whatever those do that are not measured",
        [sender, receiver, pair, changed(web, "spec.template.spec.containers.0.image", "other:1")],
        [],
    ],
    [
        "names who differs from whom",
        [sender, changed(receiver, "spec.template.spec.containers.0.image", "other:1"), pair],
        [
            'Deployment "net-receiver", container "receiver": its image is "other:1", but "registry.example/node:24.21.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" in Deployment "net-sender", container "sender"; give both arms the same image',
        ],
    ],
    [
        "says what it could not see yet",
        [sender, changed(receiver, "spec.template.spec.containers.0.image", unknown)],
        [unknownAt('Deployment "net-receiver", container "receiver"', "spec.template.spec.containers.0.image")],
    ],
]);
