import { basename } from "node:path";
import type { HopcostConfig } from "../../config/config.ts";
import { type Cluster, reasonOf } from "../cluster/cluster.ts";
import { loadRun, resultsOf, saveRun } from "../saved/run-folder.ts";
import { unfinishedRuns } from "../saved/run-ids.ts";
import { readRun } from "./collect.ts";

/**
 * Saves the runs of a stack whose command was killed: their folder has trials, but no results, and the rest of their journal is
 * still in the cluster. If that fails, says why and goes on. Only after a run has had the stack's lock: so no other is alive, and
 * their drivers have been replaced.
 */
export async function recoverKilled(cluster: Cluster, { namespace }: HopcostConfig): Promise<void> {
    for (const folder of unfinishedRuns()) {
        try {
            await recover(cluster, namespace, folder);
        } catch (error) {
            const run = basename(folder);
            console.error(
                `  warning: the rest of run ${run}, whose command was killed, can't be saved: ${reasonOf(error)}`,
            );
        }
    }
}

/** The plan comes from the folder: that in the cluster was replaced with the driver. */
async function recover(cluster: Cluster, namespace: string, folder: string): Promise<void> {
    const runId = basename(folder);
    const { trials, injections, warnings, written } = await readRun(cluster, { namespace, runId });
    const saved = loadRun(folder);
    if (trials.length < saved.trials.length) return; // it ran in another namespace, or cluster
    const stopReason = written === undefined ? "its command was killed" : written.stopReason;
    const run = { plan: saved.plan, trials, injections, warnings, stopReason };
    saveRun(run, resultsOf(run));
    console.error(`  saved run ${runId}, whose command was killed: ${folder}`);
}
