import type { KubernetesObject } from "./objects.ts";

/** Configuration of the rules that don't apply to scenarios. */
export interface ScenarioConfig {
    scenarioLabel: string;
}

/** Its schema. */
export const scenarioConfig = {
    scenarioLabel: {
        type: "string" as const,
        minLength: 1,
        default: "hopcost.io/scenario",
        description: "Label of objects that belong to a scenario (failures, scaling, rollouts); this rule skips them.",
    },
};

/** Whether an object belongs to a scenario, which measures what is refused elsewhere. */
export function isOfScenario(object: KubernetesObject, { scenarioLabel }: ScenarioConfig): boolean {
    return object.props.metadata?.labels?.[scenarioLabel] !== undefined;
}
