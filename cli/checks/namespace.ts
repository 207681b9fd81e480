import type { V1Namespace } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config.ts";
import { kubectl } from "../kubectl.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

const enforceLabel = "pod-security.kubernetes.io/enforce";

/**
 * Whether the namespace of a stack can be used: one that is going away, or that another stack or person made, can't.
 * @param found null where it is not there; undefined where it may not be read
 */
export function namespaceOutcome(config: HopcostConfig, found: V1Namespace | null | undefined): Outcome {
    const { namespace, context, stack } = config;
    const where = `Namespace "${namespace}" in context "${context}"`;
    const look = `look at it with: ${kubectl(config)} get all --namespace ${namespace}`;
    if (found === undefined) return warning(`${where} may not be read`, `ask for the right to get namespaces`);
    if (found === null) return ok(`"${namespace}" is not there yet; it is made with the stack`);
    const { deletionTimestamp, labels = {} } = found.metadata ?? {};
    if (deletionTimestamp !== undefined) {
        return failure(
            `${where} is being deleted since ${deletionTimestamp.toISOString()}`,
            `wait until it is gone, or ${look}`,
        );
    }
    const owner = labels["hopcost.io/stack"];
    if (owner !== stack) {
        const whose = owner ? `belongs to the hopcost stack "${owner}"` : "was not made by hopcost";
        return failure(`${where} ${whose}`, `set hopcost:namespace to another name, or ${look}`);
    }
    if (labels[enforceLabel] !== "restricted") {
        return warning(
            `${where} does not enforce Pod Security "restricted" (${enforceLabel} is ${labels[enforceLabel] ?? "not set"})`,
            `set it again with: ${kubectl(config)} label --overwrite namespace ${namespace} ${enforceLabel}=restricted`,
        );
    }
    return ok(`"${namespace}" is there and belongs to this stack`);
}
