import { noAutoscaling } from "../../../policies/rules/no-autoscaling.ts";
import { another, changed, receiver, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

const more = another("autoscaling/v2", "HorizontalPodAutoscaler", "more", {
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "net-receiver" }, maxReplicas: 3 },
});

verdicts(noAutoscaling, [
    ["passes one of other Pods", [receiver, web, changed(more, "spec.scaleTargetRef.name", "web")], []],
    [
        "passes a VerticalPodAutoscaler that only recommends",
        [
            receiver,
            another("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", "hint", {
                spec: {
                    targetRef: { kind: "Deployment", name: "net-receiver" },
                    updatePolicy: { updateMode: "Off" },
                },
            }),
        ],
        [],
    ],
    [
        "names the scaled object",
        [receiver, more],
        ['HorizontalPodAutoscaler "more": ... Deployment ... "net-receiver" ... hopcost.io/scenario'],
    ],
    [
        "passes one of a scenario",
        [receiver, changed(more, "metadata.labels", { drill: "scale" })],
        [],
        { scenarioLabel: "drill" },
    ],
    [
        "reports an unknown value",
        [receiver, changed(more, "spec.scaleTargetRef.name", unknown)],
        [unknownAt('HorizontalPodAutoscaler "more"', "spec.scaleTargetRef.name")],
    ],
]);
