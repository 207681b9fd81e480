import { ensureCommands, refuseUnfitHost } from "../host.ts";
import type { Say } from "../say.ts";
import { missingPulumiTools, type PulumiTools, pulumiTools } from "../toolchain/pulumi-tools.ts";
import { getTools } from "../toolchain/tools.ts";
import { clusterTools, prepareCluster } from "./cluster.ts";

/**
 * Prepares everything a first run needs; starts nothing. The tools of the cluster and of Pulumi are got together, so that all
 * downloads run at once.
 */
export async function prepareSandbox(say: Say): Promise<PulumiTools> {
    refuseUnfitHost();
    await ensureCommands(say);
    await getTools([...clusterTools, ...(await missingPulumiTools())], say);
    await prepareCluster(say);
    return pulumiTools(say);
}
