import { samePlacement } from "../../../policies/rules/same-placement.ts";
import { changed, pair, receiver, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(samePlacement, [
    [
        "passes a responder with anti-affinity",
        [sender, changed(receiver, "spec.template.spec.affinity", { podAntiAffinity: {} })],
        [],
    ],
    [
        "treats empty fields as absent",
        [
            sender,
            changed(changed(receiver, "spec.template.spec.nodeSelector", {}), "spec.template.spec.tolerations", []),
        ],
        [],
    ],
    [
        "passes if all measured containers agree, whatever the others have",
        [sender, receiver, pair, changed(web, "spec.template.spec.nodeSelector", { disk: "ssd" })],
        [],
    ],
    [
        "compares the choice of nodes",
        [sender, changed(receiver, "spec.template.spec.nodeSelector", { disk: "ssd" }), pair],
        [
            'Deployment "net-receiver": ... {"nodeSelector":{"disk":"ssd"}} ... {} ... Deployment "net-sender" ... placement',
        ],
    ],
    [
        "compares the affinity of those that take the times",
        [sender, receiver, changed(pair, "spec.template.spec.affinity", { podAffinity: {} })],
        ['Deployment "vol-pod": ... {"podAffinity":{}} ... {} ... Deployment "net-sender" ... placement'],
    ],
    [
        "reports an unknown value",
        [sender, changed(receiver, "spec.template.spec.nodeName", unknown)],
        [unknownAt('Deployment "net-receiver"', "spec.template.spec.nodeName")],
    ],
]);
