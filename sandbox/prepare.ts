import { prepareCluster } from "./cluster.ts";
import { prefetchModules } from "./go-build.ts";
import { providerBuild, pulumiBuild } from "./go-builds.ts";
import { refuseUnfitHost } from "./host.ts";
import { findPulumi, type PulumiTools, pulumiTools } from "./pulumi-tools.ts";
import type { Say } from "./say.ts";

/**
 * Gets everything that a first run needs, in the order that takes the least time; starts nothing.
 *
 * One build after the other, because each alone keeps all processors busy, and two would compile the packages they share
 * twice. What would leave the processors idle, the download of the later builds' modules, goes on meanwhile.
 */
export async function prepareSandbox(say: Say): Promise<PulumiTools> {
    refuseUnfitHost();
    const downloads = (await findPulumi(say)) === undefined ? prefetchForPulumi() : undefined;
    await prepareCluster(say);
    const tools = await pulumiTools(say);
    await downloads;
    return tools;
}

async function prefetchForPulumi(): Promise<void> {
    await prefetchModules(pulumiBuild);
    await prefetchModules(providerBuild);
}
