import { measuredPods } from "../measured.ts";
import { isA, type KubernetesObject, namespaceOf, specOf, titleOf } from "../objects.ts";
import type { Pod } from "../pod-specs.ts";
import { stackRule } from "../rule.ts";
import { isOfScenario, type ScenarioConfig, scenarioConfig } from "../scenarios.ts";
import { type Selector, selects } from "../selectors.ts";

/** @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/ */
export const noDisruptionBudgets = stackRule<ScenarioConfig>(
    {
        name: "no-disruption-budgets",
        group: "fairness",
        description:
            "No PodDisruptionBudget covers measured Pods outside scenarios. With one replica it blocks every drain of the node without protecting anything.",
        config: scenarioConfig,
    },
    function* (objects, config) {
        const pods = yield* measuredPods(objects);
        for (const object of objects.filter((other) => isA(other, ["PodDisruptionBudget"]))) {
            const look = () => {
                const covered = pods.find((pod) => covers(object, pod));
                if (covered === undefined || isOfScenario(object, config)) return undefined;
                return `covers the Pods of ${titleOf(covered.object)}, which are measured; remove it, or add the label ${config.scenarioLabel} if it belongs to a scenario`;
            };
            yield { title: titleOf(object), urn: object.urn, look };
        }
    },
);

function covers(budget: KubernetesObject, { object, metadata }: Pod): boolean {
    const { selector } = specOf<{ selector: Selector }>(budget);
    if (selector === undefined) return false; // an empty selector selects every Pod, a missing one none
    return namespaceOf(budget) === namespaceOf(object) && selects(selector, metadata.labels ?? {});
}
