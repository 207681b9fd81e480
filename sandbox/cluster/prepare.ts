import type { Say } from "../say.ts";
import { missingPulumiTools, type PulumiTools, pulumiTools } from "../toolchain/pulumi-tools.ts";
import { prepareCluster } from "./cluster.ts";

/**
 * Prepares everything a first run needs; starts nothing. The tools of the cluster and of Pulumi are got together, so that all
 * downloads run at once.
 */
export async function prepareSandbox(say: Say): Promise<PulumiTools> {
    await prepareCluster(say, missingPulumiTools);
    return pulumiTools(say);
}
