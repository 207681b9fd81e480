import { sameResources } from "../../../policies/rules/same-resources.ts";
import { changed, pair, receiver, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(sameResources, [
    [
        "passes if all measured containers agree, whatever the others have",
        [sender, receiver, pair, changed(web, "spec.template.spec.containers.0.resources.requests.cpu", "1")],
        [],
    ],
    [
        "passes the same amounts in other spellings, and a request that defaults to the limit",
        [
            sender,
            changed(receiver, "spec.template.spec.containers.0.resources", {
                requests: { cpu: 0.25 },
                limits: { memory: "524288Ki" },
            }),
        ],
        [],
    ],
    [
        "names both containers that differ",
        [sender, changed(receiver, "spec.template.spec.containers.0.resources.requests.cpu", "1"), pair],
        [
            'Deployment "net-receiver", container "receiver": ... {"limits":{"memory":"512Mi"},"requests":{"cpu":"1","memory":"512Mi"}} ... {"limits":{"memory":"512Mi"},"requests":{"cpu":"250m","memory":"512Mi"}} ... Deployment "net-sender", container "sender" ... resources',
        ],
    ],
    [
        "reports an unknown value",
        [sender, changed(receiver, "spec.template.spec.containers.0.resources.requests.cpu", unknown)],
        [
            unknownAt(
                'Deployment "net-receiver", container "receiver"',
                "spec.template.spec.containers.0.resources.requests.cpu",
            ),
        ],
    ],
]);
