import { measuredPods } from "../measured.ts";
import { type KubernetesObject, nameOf, namespaceOf, specOf, titleOf } from "../objects.ts";
import { stackRule } from "../rule.ts";
import { isOfScenario, type ScenarioConfig, scenarioConfig } from "../scenarios.ts";

interface Target {
    kind?: string;
    name?: string;
}

interface Scaler {
    scaleTargetRef: Target;
    targetRef: Target;
    updatePolicy: { updateMode?: string };
}

/** @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ */
export const noAutoscaling = stackRule<ScenarioConfig>(
    {
        name: "no-autoscaling",
        group: "fairness",
        description:
            "Nothing scales measured Pods outside scenarios. Otherwise their number or the Pods themselves change during a run.",
        config: scenarioConfig,
    },
    function* (objects, config) {
        const measured = (yield* measuredPods(objects)).map(({ object }) => object);
        for (const object of objects) {
            if (!scalers.includes(object.kind)) continue;
            const look = () => {
                const target = measured.find((other) => isTarget(object, other));
                if (target === undefined || isOfScenario(object, config)) return undefined;
                return `scales ${titleOf(target)}, which is measured; remove it, or add the label ${config.scenarioLabel} if it belongs to a scenario`;
            };
            yield { title: titleOf(object), urn: object.urn, look };
        }
    },
);

/** The autoscalers of Kubernetes, of the autoscaler project, and of KEDA. */
const scalers = ["HorizontalPodAutoscaler", "VerticalPodAutoscaler", "ScaledObject"];

function isTarget(scaler: KubernetesObject, object: KubernetesObject): boolean {
    const { scaleTargetRef, targetRef, updatePolicy } = specOf<Scaler>(scaler);
    if (updatePolicy?.updateMode === "Off") return false; // a VerticalPodAutoscaler that only recommends
    const { kind = "Deployment", name } = scaleTargetRef ?? targetRef ?? {};
    return kind === object.kind && name === nameOf(object) && namespaceOf(scaler) === namespaceOf(object);
}
