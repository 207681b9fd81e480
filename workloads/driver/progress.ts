import type { Plan } from "../../model/plan.ts";
import type { Progress } from "../../model/progress.ts";
import { expectedTrialSeconds, type ScheduledCell, type ScheduledTrial } from "../../statistics/schedule.ts";

/** What is being measured. */
export interface Current {
    trial: ScheduledTrial;
    /** The next cell, and how many cells of the trial are done. */
    cell: ScheduledCell;
    measured: number;
}

/**
 * Progress of a run.
 * @param required all trials needed so far; `remaining`: those not done yet
 * @param current undefined if no trial is being measured
 */
export function progressOf(
    plan: Plan,
    required: readonly ScheduledTrial[],
    remaining: readonly ScheduledTrial[],
    current?: Current,
): Progress {
    const cells = (trials: readonly ScheduledTrial[]) => trials.reduce((sum, trial) => sum + trial.cells.length, 0);
    const seconds = remaining.reduce((sum, trial) => sum + expectedTrialSeconds(trial, plan), 0);
    const counts = { trials: required.length, cells: cells(required) };
    const done = cells(required) - cells(remaining);
    if (current === undefined) {
        return { phase: "measuring", trial: required.length, cell: done, ...counts, remainingSeconds: seconds };
    }
    const { trial, cell, measured } = current;
    const { index, arm } = trial;
    const past = (expectedTrialSeconds(trial, plan) * measured) / trial.cells.length;
    const position = { trial: index, arm, cell: done + measured, ...counts };
    return { phase: "measuring", ...position, ...cell, remainingSeconds: seconds - past };
}
