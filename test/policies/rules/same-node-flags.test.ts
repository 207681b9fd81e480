import { sameNodeFlags } from "../../../policies/rules/same-node-flags.ts";
import { changed, pair, receiver, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(sameNodeFlags, [
    [
        "passes if all measured containers agree, whatever the others have",
        [sender, receiver, pair, changed(web, "spec.template.spec.containers.0.env", [])],
        [],
    ],
    [
        "reads NODE_OPTIONS",
        [sender, changed(receiver, "spec.template.spec.containers.0.env", []), pair],
        [
            'Deployment "net-receiver", container "receiver": ... [] ... ["--max-semi-space-size=16"] ... Deployment "net-sender", container "sender" ... flags',
        ],
    ],
    [
        "reads the command line",
        [
            sender,
            changed(receiver, "spec.template.spec.containers.0.command", ["node", "--jitless", "server.mjs", "--port"]),
            pair,
        ],
        [
            'Deployment "net-receiver", container "receiver": ... ["--max-semi-space-size=16","--jitless"] ... ["--max-semi-space-size=16"] ... Deployment "net-sender", container "sender" ... flags',
        ],
    ],
    [
        "reads flags from only the arguments, and a reference of NODE_OPTIONS",
        [
            sender,
            changed(
                changed(receiver, "spec.template.spec.containers.0.command", undefined),
                "spec.template.spec.containers.0.args",
                ["--jitless", "server.mjs"],
            ),
            changed(pair, "spec.template.spec.containers.0.env", [
                { name: "NODE_OPTIONS", valueFrom: { configMapKeyRef: { name: "flags", key: "all" } } },
            ]),
        ],
        [
            'Deployment "vol-pod", container "writer": ... ["{\\"configMapKeyRef\\":{\\"key\\":\\"all\\",\\"name\\":\\"flags\\"}}"] ... ["--max-semi-space-size=16"] ... Deployment "net-sender", container "sender" ... flags',
            'Deployment "net-receiver", container "receiver": ... ["--max-semi-space-size=16","--jitless"] ... ["--max-semi-space-size=16"] ... Deployment "net-sender", container "sender" ... flags',
        ],
    ],
    [
        "reports an unknown value",
        [sender, changed(receiver, "spec.template.spec.containers.0.env.0.value", unknown)],
        [unknownAt('Deployment "net-receiver", container "receiver"', "spec.template.spec.containers.0.env.0.value")],
    ],
]);
