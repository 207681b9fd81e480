import { AppsV1Api, type V1Deployment, type V1Namespace } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { ofHopcost } from "../../model/names.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";
import { orNotPermitted } from "./view.ts";

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

/**
 * Looks whether a stack that has nothing deployed, by its state, would meet in its namespace what another one of its name
 * deployed: a run would take that over, and remove it at its end.
 */
export async function checkUnclaimed({ kubeConfig }: Cluster, config: HopcostConfig): Promise<Outcome> {
    const { namespace } = config;
    const list = kubeConfig.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace, labelSelector: ofHopcost });
    return unclaimedOutcome(config, (await orNotPermitted(list))?.items);
}

/** @param found Deployments of hopcost's in the namespace; undefined where they may not be listed */
export function unclaimedOutcome(config: HopcostConfig, found: readonly V1Deployment[] | undefined): Outcome {
    const { namespace, context, stack } = config;
    if (found === undefined || found.length === 0) return ok(`"${namespace}" holds nothing that is not this stack's`);
    const names = found.map(({ metadata }) => metadata?.name).join(", ");
    return failure(
        `Namespace "${namespace}" in context "${context}" holds Deployments that the state of stack "${stack}" knows nothing of (${names}): another user or checkout deployed them, or that state is lost`,
        `set hopcost:namespace to another name, or, if nobody needs them: ${kubectl(config)} delete namespace ${namespace}`,
    );
}
