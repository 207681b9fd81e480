import { type KubernetesObject, namespaceOf, specOf } from "../objects.ts";
import { objectRule } from "../rule.ts";

/** Experiments of Chaos Mesh whose targets are outside all namespaces. */
const onMachines = ["AWSChaos", "AzureChaos", "GCPChaos", "PhysicalMachineChaos"];

/**
 * Without a namespace in the selector, Chaos Mesh uses that of the experiment.
 * @see https://chaos-mesh.org/docs/define-chaos-experiment-scope/
 */
export const chaosScope = objectRule(
    {
        name: "chaos-scope",
        group: "fairness",
        description:
            "An experiment of Chaos Mesh or Litmus stays in its own namespace. Otherwise it disturbs what others measure or serve.",
    },
    "any",
    (object) => {
        if (object.group === "chaos-mesh.org") {
            if (onMachines.includes(object.kind))
                return "reaches whole machines; use an experiment on Pods of its namespace";
            return outside(object, namespacesIn(object.props.spec), "the namespaces and pods of each selector");
        }
        if (object.kind !== "ChaosEngine") return undefined;
        const { appinfo } = specOf<{ appinfo: { appns?: string } }>(object);
        return outside(object, appinfo?.appns === undefined ? [] : [appinfo.appns], "spec.appinfo.appns");
    },
);

/** Namespaces in selectors at any depth: the target of an experiment, or targets inside a workflow or schedule. */
function namespacesIn(value: unknown): string[] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, part]) => [
        ...(key === "selector" ? namedBy(part) : []),
        ...namespacesIn(part),
    ]);
}

function namedBy(selector: { namespaces?: string[]; pods?: Record<string, string[]> }): string[] {
    return [...(selector.namespaces ?? []), ...Object.keys(selector.pods ?? {})];
}

function outside(object: KubernetesObject, namespaces: string[], field: string): string | undefined {
    const own = namespaceOf(object);
    const others = [...new Set(namespaces.filter((namespace) => namespace !== own))];
    if (others.length === 0) return undefined;
    return `reaches ${others.join(", ")}; set ${field} to only its own namespace, ${own}`;
}
