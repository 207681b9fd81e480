import { CoreV1Api, type V1Namespace } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { answerInTime, Cluster, unlessRefused } from "./cluster.ts";
import { loadKubeConfig } from "./kube-config.ts";
import { kubectl } from "./kubectl.ts";

/**
 * Refuses a namespace that exists, although the state of the stack doesn't have it. Pulumi's provider applies objects on the
 * server, so it would take over what somebody else deployed, and removing the stack would delete it.
 * @param cluster the stack's; the default is that of its kubeconfig
 * @throws CommandError (preflight) if it exists
 */
export async function refuseExisting(config: HopcostConfig, cluster = clusterOf(config)): Promise<void> {
    const { namespace: name } = config;
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    // It may be refused because it doesn't exist, or can't be read: creating it may be allowed all the same.
    const found = await answerInTime(unlessRefused(core.readNamespace({ name })));
    if (found !== undefined) throw new CommandError(exitCodes.preflight, existingText(config, found));
}

/** Says that a namespace exists, and what to do. */
function existingText(config: HopcostConfig, found: V1Namespace): string {
    const { namespace, context, stack } = config;
    const where = `Namespace "${namespace}" in context "${context}"`;
    if (found.metadata?.deletionTimestamp !== undefined) return `${where} is being deleted; wait until it is gone`;
    return `${where} exists already, and the state of stack "${stack}" does not contain it: another user or checkout deployed it, or that state is lost. Set hopcost:namespace to another name, or, if nobody needs it: ${kubectl(config)} delete namespace ${namespace}`;
}

function clusterOf({ context, kubeconfig }: HopcostConfig): Cluster {
    return new Cluster(loadKubeConfig(kubeconfig), context, kubeconfig);
}
