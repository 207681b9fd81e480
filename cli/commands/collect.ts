import type { HopcostConfig } from "../../config/config.ts";
import type { Results } from "../../model/results.ts";
import { answerInTime, type Cluster } from "../cluster/cluster.ts";
import type { RunWatch } from "../cluster/run-watch.ts";
import { type Run, resultsOf, saveRun } from "../saved/run-folder.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";

/** What a run leaves: the results, the folder they were saved in, and why it did not finish (if it did not). */
export interface RunOutcome {
    results: Results;
    /** Undefined if they could not be saved. */
    folder: string | undefined;
    failure?: CommandError;
}

/** What is known when a run has ended. */
export interface Ended {
    /** With the trials and injections that were read while it went on. */
    watch: Pick<RunWatch, "plan" | "trials" | "injections">;
    /** Why it did not finish; undefined if it did. */
    failure: CommandError | undefined;
    /** Whether the API server can be asked. */
    isAnswering: boolean;
}

/**
 * Reads the journal and the results of a run and saves them. If the driver wrote no results, computes them from the journal;
 * if the cluster has less than was read before, from that.
 * @throws CommandError (`failure` if given, else run failed) if nothing was measured
 */
export async function collect(cluster: Cluster, config: HopcostConfig, ended: Ended): Promise<RunOutcome> {
    const { watch, failure } = ended;
    const there = ended.isAnswering ? await readRun(cluster, config).catch((error: unknown) => ({ error })) : undefined;
    const journal = there !== undefined && "trials" in there ? there : undefined;
    const kept = {
        plan: watch.plan,
        trials: watch.trials,
        injections: watch.injections,
        warnings: [],
        written: undefined,
    };
    const lengthOf = (entries: { trials: object[]; injections: object[] }) =>
        entries.trials.length + entries.injections.length;
    const { plan, trials, injections, warnings, written } =
        journal !== undefined && lengthOf(journal) >= lengthOf(kept) ? journal : kept;
    if (trials.length === 0) {
        if (failure === undefined && there !== undefined && "error" in there) throw there.error;
        throw failure ?? new CommandError(exitCodes.runFailed, `run ${config.runId} left no trial`);
    }
    if (plan === undefined)
        throw new CommandError(exitCodes.runFailed, `run ${config.runId} has a journal but no plan`);
    const unwritten = failure?.message ?? "the driver wrote no results";
    const run = { plan, trials, injections, warnings, stopReason: written ? written.stopReason : unwritten };
    const results = resultsOf(run);
    const partial = results.complete
        ? undefined
        : new CommandError(exitCodes.runFailed, `run ${config.runId} is partial: ${results.incompleteReason}`);
    const { folder, unsaved } = saved(run, results);
    const reason = both(failure ?? partial, unsaved);
    return { results, folder, ...(reason && { failure: reason }) };
}

/** What the cluster has of a run: its plan and journal, and the results if its driver wrote some. */
export async function readRun(cluster: Cluster, { namespace, runId }: Pick<HopcostConfig, "namespace" | "runId">) {
    // A journal has megabytes.
    const journal = await answerInTime(cluster.journal(namespace, runId), 30);
    const written = await answerInTime(cluster.results(namespace, runId), 10);
    return { plan: await answerInTime(cluster.plan(namespace, runId)), ...journal, written };
}

/** The failure of a run and that of saving or removing what it left, as one error with the exit code of the first. */
export function both(one: CommandError | undefined, other: CommandError | undefined): CommandError | undefined {
    if (one === undefined || other === undefined) return one ?? other;
    return new CommandError(one.exitCode, `${one.message}\n${other.message}`, { cause: one });
}

/** Saves a run; if that fails, its results are still shown. */
function saved(run: Run, results: Results): { folder?: string; unsaved?: CommandError } {
    try {
        return { folder: saveRun(run, results) };
    } catch (error) {
        if (error instanceof CommandError) return { unsaved: error };
        throw error;
    }
}
