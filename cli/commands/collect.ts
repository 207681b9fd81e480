import type { HopcostConfig } from "../../config/config.ts";
import type { Results } from "../../model/results.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type Run, resultsOf, saveRun } from "../saved/run-folder.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";

/** What a run leaves: the results, the folder they were saved in, and why it did not finish (if it did not). */
export interface RunOutcome {
    results: Results;
    /** Undefined if they could not be saved. */
    folder: string | undefined;
    failure?: CommandError;
}

/**
 * Reads the journal and the results of a run and saves them; if the driver wrote no results, computes them from the journal.
 * @param failure why the run did not finish; undefined if it did
 * @throws CommandError (`failure` if given, else run failed) if nothing was measured
 */
export async function collect(
    cluster: Cluster,
    config: HopcostConfig,
    failure: CommandError | undefined,
): Promise<RunOutcome> {
    const lost = (error: unknown) => {
        throw failure ?? error;
    };
    const { trials, warnings } = await cluster.journal(config.namespace, config.runId).catch(lost);
    if (trials.length === 0)
        throw failure ?? new CommandError(exitCodes.runFailed, `run ${config.runId} left no trial`);
    const written = await cluster.results(config.namespace, config.runId).catch(lost);
    const plan = await cluster.plan(config.namespace, config.runId);
    if (plan === undefined)
        throw new CommandError(exitCodes.runFailed, `run ${config.runId} has a journal but no plan`);
    const unwritten = failure?.message ?? "the driver wrote no results";
    const run = { plan, trials, warnings, stopReason: written ? written.stopReason : unwritten };
    const results = resultsOf(run);
    const partial = results.complete
        ? undefined
        : new CommandError(exitCodes.runFailed, `run ${config.runId} is partial: ${results.incompleteReason}`);
    const { folder, unsaved } = saved(run, results);
    const reason = both(failure ?? partial, unsaved);
    return { results, folder, ...(reason && { failure: reason }) };
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
