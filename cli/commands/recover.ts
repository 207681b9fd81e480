import type { HopcostConfig } from "../../config/config.ts";
import { answerInTime, type Cluster, reasonOf } from "../cluster/cluster.ts";
import { resultsOf, saveRun } from "../saved/run-folder.ts";
import { unfinishedRunIds } from "../saved/run-ids.ts";
import { step } from "../terminal/steps.ts";
import { readRun } from "./collect.ts";

/**
 * Saves the runs of a stack whose command was killed: their folder has trials, but no results, and the rest of their journal is
 * still in the cluster. If that fails, says why and goes on. Only after a run has had the stack's lock: so no other is alive, and
 * their drivers have been replaced.
 */
export async function recoverKilled(cluster: Cluster, { namespace }: HopcostConfig): Promise<void> {
    for (const runId of unfinishedRunIds()) {
        try {
            const isHere = (await answerInTime(cluster.plan(namespace, runId))) !== undefined;
            if (isHere) await step(`Run ${runId}, whose command was killed`, () => recover(cluster, namespace, runId));
        } catch (error) {
            console.error(
                `  warning: the rest of run ${runId}, whose command was killed, can't be saved: ${reasonOf(error)}`,
            );
        }
    }
}

async function recover(cluster: Cluster, namespace: string, runId: string): Promise<void> {
    const { plan, trials, warnings, written } = await readRun(cluster, { namespace, runId });
    if (plan === undefined) return;
    const stopReason = written === undefined ? "the command was killed" : written.stopReason;
    const run = { plan, trials, warnings, stopReason };
    saveRun(run, resultsOf(run));
}
