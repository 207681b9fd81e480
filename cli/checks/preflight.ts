import type { HopcostConfig } from "../../config/config.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type Check, check, type Outcome, refuseFailures, titleOf } from "./check.ts";
import { addsNodes } from "./growing.ts";
import { outcomeInTime } from "./in-time.ts";
import { limitRangeOutcome } from "./limit-range.ts";
import type { LoggedIn } from "./log-in.ts";
import { namespaceOutcome } from "./namespace.ts";
import { nodesOutcome } from "./nodes.ts";
import { permissionsOutcome, unaskedOutcome } from "./permissions.ts";
import { quotaOutcome } from "./quota.ts";
import { checkServer } from "./server.ts";
import { storageClassOutcome } from "./storage-class.ts";
import { type View, viewOf } from "./view.ts";

/** Time limit for all checks before a run, in seconds. */
const checkSeconds = 12;

/** The checks of reaching a cluster, and the cluster if that succeeded. */
export interface Reached {
    checks: Check[];
    /** Undefined if it was not reached; the checks say why. */
    at?: { cluster: Cluster; view: View };
}

/** Looks at the cluster of a context, if it answers. */
export async function reach(
    config: HopcostConfig,
    { context: outcome, cluster, trouble }: LoggedIn,
    signal: AbortSignal,
): Promise<Reached> {
    const context = check("context", outcome);
    if (cluster === undefined) return { checks: [context] };
    const server = check("server", trouble ?? (await checkServer(cluster, signal)));
    if (server.state === "failure") return { checks: [context, server] };
    return { checks: [context, server], at: { cluster, view: viewOf(cluster, config) } };
}

/** Whether a cluster can take the experiment, as far as is visible without trying. */
export async function checkFit(
    config: HopcostConfig,
    { cluster, view }: { cluster: Cluster; view: View },
    signal: AbortSignal,
): Promise<Check[]> {
    const looks = {
        permissions: async () => {
            const allowed = await view.allowed;
            return allowed === undefined ? unaskedOutcome(config) : permissionsOutcome(config, allowed);
        },
        namespace: async () => namespaceOutcome(config, await view.namespace),
        quota: async () => {
            const [quotas, limitRanges, pods] = await Promise.all([view.quotas, view.limitRanges, view.pods]);
            return quotaOutcome(config, { quotas, limitRanges, pods });
        },
        "limit-range": async () => limitRangeOutcome(config, await view.limitRanges),
        "storage-class": async () => storageClassOutcome(config, await view.storageClasses),
        nodes: async () => {
            const [nodes, pods] = await Promise.all([view.nodes, view.pods]);
            const found = nodesOutcome(config, { nodes, pods, growing: false });
            if (found.state !== "failure" || !(await addsNodes(cluster.kubeConfig))) return found;
            return nodesOutcome(config, { nodes, pods, growing: true });
        },
    } satisfies Record<string, () => Promise<Outcome>>;
    return await Promise.all(
        (Object.keys(looks) as (keyof typeof looks)[]).map(async (id) => {
            const what = `${titleOf(id)} of context "${config.context}"`;
            return check(id, await outcomeInTime(what, looks[id](), signal));
        }),
    );
}

/**
 * What a run checks first: whether the cluster can be reached and can take the experiment.
 * @param loggedIn to the context
 * @param cancel aborted on Ctrl-C
 * @returns the cluster, and the warnings
 * @throws CommandError (preflight) with every failure
 */
export async function checkCluster(
    config: HopcostConfig,
    loggedIn: LoggedIn,
    cancel: AbortSignal,
): Promise<{ cluster: Cluster; warnings: Check[] }> {
    const signal = AbortSignal.any([cancel, AbortSignal.timeout(checkSeconds * 1000)]);
    const { at, cluster } = await reachOrRefuse(config, loggedIn, signal);
    const checks = await checkFit(config, at, signal);
    refuseFailures(checks);
    return { cluster, warnings: checks.filter(({ state }) => state === "warning") };
}

/**
 * The cluster of a stack, and whether the stack's namespace exists.
 * @param loggedIn to the context
 * @throws CommandError (preflight) if the cluster can't be reached, or the namespace belongs to somebody else
 */
export async function deployedAt(
    config: HopcostConfig,
    loggedIn: LoggedIn,
    cancel: AbortSignal,
): Promise<{ cluster: Cluster; deployed: boolean }> {
    const signal = AbortSignal.any([cancel, AbortSignal.timeout(checkSeconds * 1000)]);
    const { at, cluster } = await reachOrRefuse(config, loggedIn, signal);
    const look = async () => namespaceOutcome(config, await at.view.namespace);
    refuseFailures([check("namespace", await outcomeInTime(cluster.server, look(), signal))]);
    return { cluster, deployed: (await at.view.namespace) !== null };
}

async function reachOrRefuse(config: HopcostConfig, loggedIn: LoggedIn, signal: AbortSignal) {
    const { checks, at } = await reach(config, loggedIn, signal);
    refuseFailures(checks);
    if (at === undefined) throw new Error("a cluster that is not reached is a failure");
    return { at, cluster: at.cluster };
}
