import { AppsV1Api, type V1Deployment, type V1Namespace } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { ofHopcost } from "../../model/names.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";
import { orNotPermitted } from "./view.ts";

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

/**
 * Whether the namespace of a stack that has nothing deployed, by its state, holds Deployments of another stack of the same
 * name: a run would take them over, and remove them at its end.
 */
export async function checkUnclaimed({ kubeConfig }: Cluster, config: HopcostConfig): Promise<Outcome> {
    const { namespace } = config;
    const list = kubeConfig.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace, labelSelector: ofHopcost });
    return unclaimedOutcome(config, (await orNotPermitted(list))?.items);
}

/** @param found hopcost's Deployments in the namespace; undefined if the user isn't allowed to list them */
export function unclaimedOutcome(config: HopcostConfig, found: readonly V1Deployment[] | undefined): Outcome {
    const { namespace, context, stack } = config;
    if (found === undefined || found.length === 0) return ok(`"${namespace}" holds nothing of other stacks`);
    const names = found.map(({ metadata }) => metadata?.name).join(", ");
    return failure(
        `Namespace "${namespace}" in context "${context}" holds Deployments that the state of stack "${stack}" does not contain (${names}): another user or checkout deployed them, or that state is lost`,
        `set hopcost:namespace to another name, or, if nobody needs them: ${kubectl(config)} delete namespace ${namespace}`,
    );
}
