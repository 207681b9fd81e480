import { reasonOf, SandboxError } from "../errors.ts";
import type { Say } from "../say.ts";
import { cacheRoot } from "./cache.ts";
import type { Limits } from "./download.ts";
import { findBuild, type GoBuild, goBuild, hasGo, prefetchModules } from "./go-build.ts";
import { kubeRouterBuild, kubernetesBuild, prometheusBuild, providerBuild, pulumiBuild } from "./go-builds.ts";
import { downloadReleases, findReleased } from "./released-programs.ts";
import {
    kubernetesRelease,
    metricsServerRelease,
    prometheusRelease,
    providerRelease,
    pulumiRelease,
    type Release,
} from "./releases.ts";

/** Programs that can be built, and usually downloaded. Both folders have them under the same names, except Pulumi's. */
export interface Tool {
    build: GoBuild;
    /** @default it can only be built */
    release?: Release;
    /** What the sandbox lacks without it, as a sentence; it is left out if there is no Go to build it. @default it is needed */
    without?: string;
}

/** Kubernetes, etcd and CoreDNS. */
export const kubernetes: Tool = { release: kubernetesRelease, build: kubernetesBuild };
/** metrics-server, which the build of Kubernetes contains. */
export const metricsServer: Tool = {
    release: metricsServerRelease,
    build: kubernetesBuild,
    without: "there is no metrics API",
};
/**
 * kube-router. Not the released one: in version 2.1.0 it ends if its node has not registered yet, and its policies are never in
 * force in a cluster with IPv6.
 */
export const kubeRouter: Tool = { build: kubeRouterBuild, without: "NetworkPolicies are not enforced" };
/** Prometheus and promtool. */
export const prometheus: Tool = { release: prometheusRelease, build: prometheusBuild };
/** The Pulumi engine: `bin/pulumi` if released, `pulumi` if built. */
export const pulumi: Tool = { release: pulumiRelease, build: pulumiBuild };
/** Pulumi's Kubernetes provider. */
export const provider: Tool = { release: providerRelease, build: providerBuild };

/** The folder of a tool that is in the cache, released or built. */
export async function findTool({ release, build }: Tool): Promise<string | undefined> {
    return (release && findReleased(release)) ?? (await findBuild(build));
}

/** The folder of a tool that is needed, see {@link getTools}. */
export async function toolFolder(tool: Tool, say: Say): Promise<string> {
    await getTools([tool], say);
    const folder = await findTool(tool);
    if (folder === undefined) throw new Error(`${titleOf(tool)} is not in the cache although it was put there`);
    return folder;
}

/**
 * Puts tools into the cache: upstream's released programs, downloaded all at once; what can't be downloaded is built from Go
 * modules, one after the other because each build keeps all processors busy, and two would compile their shared packages twice.
 * A tool that is not needed is left out if it would have to be built without Go.
 * @param limits when a download is given up
 * @throws SandboxError if a needed one can neither be downloaded nor built
 */
export async function getTools(tools: readonly Tool[], say: Say, limits?: Limits): Promise<void> {
    const missing = await missingOf(tools);
    const releases = missing.flatMap(({ release }) => release ?? []);
    // Meanwhile, the modules of what can only be built.
    const modules = prefetch(missing.filter(({ release }) => release === undefined).map(({ build }) => build));
    const reasons = releases.length > 0 ? await downloadReleases(releases, say, limits) : new Map<Release, string>();
    const remaining = await missingOf(missing);
    if (await hasGo()) {
        await buildAll(remaining, reasons, say);
        await modules;
        return;
    }
    const needed = remaining.find(({ without }) => without === undefined);
    if (needed !== undefined) await buildOne(needed, reasons, say); // which says that there is no Go
    for (const tool of remaining) {
        say([`without Go to build ${titleOf(tool)}, ${tool.without}`, ...whyNot([tool], reasons)].join("; "));
    }
}

async function missingOf(tools: readonly Tool[]): Promise<Tool[]> {
    const folders = await Promise.all(tools.map(findTool));
    return tools.filter((_, index) => folders[index] === undefined);
}

/** @param reasons why the releases could not be downloaded */
async function buildAll(all: readonly Tool[], reasons: ReadonlyMap<Release, string>, say: Say): Promise<void> {
    const tools = [...new Map(all.map((tool) => [tool.build, tool])).values()];
    if (tools.length === 0) return;
    // For a first-time user: what will take minutes, and why.
    const minutes = tools.reduce((total, { build }) => total + build.minutes, 0);
    const titles = tools.map(({ build }) => build.title).join(", ");
    say(
        [
            `first run on this machine: building ${titles} from Go modules, about ${minutes} minutes on two cores`,
            ...whyNot(tools, reasons),
            `the builds are cached in ${cacheRoot()}, so later runs start in seconds`,
        ].join("; "),
    );
    const [, ...later] = tools;
    const modules = prefetch(later.map(({ build }) => build)); // while the first one compiles
    for (const tool of tools) await buildOne(tool, reasons, say);
    await modules;
}

async function buildOne(tool: Tool, reasons: ReadonlyMap<Release, string>, say: Say): Promise<void> {
    try {
        await goBuild(tool.build, say);
    } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        throw new SandboxError([...whyNot([tool], reasons), reasonOf(error)].join("; "), { cause: error });
    }
}

/** Why releases could not be downloaded; each reason once, as it is often the same. */
function whyNot(tools: readonly Tool[], reasons: ReadonlyMap<Release, string>): string[] {
    const released = tools.flatMap(({ release }) => release ?? []);
    const groups = Map.groupBy(released, (release) => reasons.get(release));
    return [...groups].map(
        ([reason, of]) => `${of.map(({ title }) => title).join(", ")} can't be downloaded: ${reason}`,
    );
}

/** Downloads the modules of later builds. */
async function prefetch(builds: readonly GoBuild[]): Promise<void> {
    for (const build of builds) await prefetchModules(build);
}

function titleOf({ release, build }: Tool): string {
    return release?.title ?? build.title;
}
