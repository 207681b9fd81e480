import { noMeshSidecars } from "../../../policies/rules/no-mesh-sidecars.ts";
import { changed, namespace, sender, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noMeshSidecars, [
    [
        "passes if no measured Pod requests a proxy, even if others do",
        [
            namespace,
            sender,
            changed(web, "spec.template.metadata.annotations", { "linkerd.io/inject": "enabled" }),
            changed(changed(namespace, "metadata.name", "mesh"), "metadata.labels", { "istio-injection": "enabled" }),
        ],
        [],
    ],
    [
        "names the Pods that request a proxy",
        [changed(sender, "spec.template.metadata.annotations", { "sidecar.istio.io/inject": "true" })],
        ['Deployment "net-sender": ... sidecar.istio.io/inject: true ... Pod'],
    ],
    [
        "names a namespace that requests a proxy",
        [changed(namespace, "metadata.labels", { "istio.io/rev": "1-27" }), sender],
        ['Namespace "shop": ... istio.io/rev: 1-27'],
    ],
    [
        "passes a namespace from which each measured Pod opts out",
        [
            changed(namespace, "metadata.labels", { "istio-injection": "enabled", "linkerd.io/inject": "enabled" }),
            changed(sender, "spec.template.metadata.annotations", {
                "sidecar.istio.io/inject": "false",
                "linkerd.io/inject": "disabled",
            }),
        ],
        [],
    ],
    [
        "reports an unknown value",
        [changed(sender, "spec.template.metadata.annotations", { note: unknown })],
        [unknownAt('Deployment "net-sender"', "spec.template.metadata.annotations.note")],
    ],
]);
