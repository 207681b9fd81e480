import type { KubernetesObject } from "./objects.ts";

/** Configuration of the rules that scenarios are free from. */
export interface ScenarioConfig {
    scenarioLabel: string;
}

/** Its schema. */
export const scenarioConfig = {
    scenarioLabel: {
        type: "string" as const,
        minLength: 1,
        default: "hopcost.io/scenario",
        description:
            "Label of objects that belong to a scenario (failures, scaling, rollouts), which this rule leaves alone.",
    },
};

/** Whether an object belongs to a scenario, which measures just what is refused elsewhere. */
export function isOfScenario(object: KubernetesObject, { scenarioLabel }: ScenarioConfig): boolean {
    return object.props.metadata?.labels?.[scenarioLabel] !== undefined;
}
