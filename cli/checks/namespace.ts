import type { V1Namespace } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

const enforceLabel = "pod-security.kubernetes.io/enforce";

/**
 * Whether the namespace of a stack can be used: not if it is being deleted, or another stack or person created it.
 * @param found null if it doesn't exist; undefined if the user isn't allowed to read it
 */
export function namespaceOutcome(config: HopcostConfig, found: V1Namespace | null | undefined): Outcome {
    const { namespace, context, stack } = config;
    const where = `Namespace "${namespace}" in context "${context}"`;
    const look = `look at it with: ${kubectl(config)} get all --namespace ${namespace}`;
    if (found === undefined)
        return warning(
            `You aren't allowed to read namespace "${namespace}" in context "${context}"`,
            "ask for the permission to get namespaces",
        );
    if (found === null) return ok(`"${namespace}" doesn't exist yet; a run creates it`);
    const { deletionTimestamp, labels = {} } = found.metadata ?? {};
    if (deletionTimestamp !== undefined) {
        return failure(
            `${where} has been terminating since ${deletionTimestamp.toISOString()}`,
            `wait until it is gone, or ${look}`,
        );
    }
    const owner = labels["hopcost.io/stack"];
    if (owner !== stack) {
        const whose = owner ? `belongs to the hopcost stack "${owner}"` : "was not created by hopcost";
        return failure(`${where} ${whose}`, `set hopcost:namespace to another name, or ${look}`);
    }
    if (labels[enforceLabel] !== "restricted") {
        return warning(
            `${where} does not enforce Pod Security "restricted" (${enforceLabel} is ${labels[enforceLabel] ?? "not set"})`,
            `set it again with: ${kubectl(config)} label --overwrite namespace ${namespace} ${enforceLabel}=restricted`,
        );
    }
    return ok(`"${namespace}" exists and belongs to this stack`);
}
