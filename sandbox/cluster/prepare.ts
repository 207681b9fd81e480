import { refuseUnfitHost } from "../host.ts";
import type { Say } from "../say.ts";
import { cacheRoot } from "../toolchain/cache.ts";
import { type GoBuild, missingBuilds, prefetchModules } from "../toolchain/go-build.ts";
import {
    kubeRouterBuild,
    kubernetesBuild,
    prometheusBuild,
    providerBuild,
    pulumiBuild,
} from "../toolchain/go-builds.ts";
import { findPulumi, type PulumiTools, pulumiTools } from "../toolchain/pulumi-tools.ts";
import { prepareCluster } from "./cluster.ts";

/**
 * Prepares everything a first run needs, in the fastest order; starts nothing.
 *
 * One build at a time, because each keeps all processors busy, and two would compile their shared packages twice.
 * Meanwhile the modules of the later builds are downloaded.
 */
export async function prepareSandbox(say: Say): Promise<PulumiTools> {
    refuseUnfitHost();
    const needsPulumi = (await findPulumi(say)) === undefined;
    await announce(needsPulumi, say);
    const pulumi = needsPulumi ? [pulumiBuild, providerBuild] : [];
    const downloads = prefetch([kubeRouterBuild, prometheusBuild, ...pulumi]);
    await prepareCluster(say);
    const tools = await pulumiTools(say);
    await downloads;
    return tools;
}

/** Announces to a first-time user what will take minutes, and why. */
async function announce(needsPulumi: boolean, say: Say): Promise<void> {
    const pulumi = needsPulumi ? [pulumiBuild, providerBuild] : [];
    const builds = await missingBuilds([kubernetesBuild, kubeRouterBuild, prometheusBuild, ...pulumi]);
    if (builds.length === 0) return;
    const minutes = builds.reduce((total, build) => total + build.minutes, 0);
    const titles = builds.map(({ title }) => title).join(", ");
    say(
        `first run on this machine: building ${titles} from source, about ${minutes} minutes on two cores; ` +
            `the builds are cached in ${cacheRoot()}, so later runs start in seconds`,
    );
}

async function prefetch(builds: readonly GoBuild[]): Promise<void> {
    for (const build of builds) await prefetchModules(build);
}
