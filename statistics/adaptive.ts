import { isMain, mainArms } from "../model/arms.ts";
import type { Plan } from "../model/plan.ts";
import { hasBothMainArms, sizesOf } from "../model/plan.ts";
import type { Trial } from "../model/trial.ts";
import { ratioBetween } from "./comparisons.ts";
import { estimatesOf } from "./estimate.ts";
import { relativeHalfWidth } from "./ratio.ts";
import { type ScheduledTrial, schedule } from "./schedule.ts";
import { collectTrials, finalTrials } from "./trials.ts";

/**
 * The sizes at which the interval of the main ratio is missing or still wider than `plan.targetHalfWidth`. Uses only the
 * width, never the ratio: stopping when the result looks good would find differences too often.
 * @param trials the journal, in any order
 * @returns in the order of the plan; none if the plan lacks a main arm
 * @throws ReportError as `collectTrials` does
 */
export function wideSizes(plan: Plan, trials: readonly Trial[]): number[] {
    if (!hasBothMainArms(plan)) return [];
    const closedLoop = finalTrials(trials)
        .filter(({ arm }) => isMain(arm))
        .map((trial) => ({ ...trial, cells: trial.cells.filter(({ mode }) => mode === "closed-loop") }));
    const medians = estimatesOf(collectTrials(closedLoop), plan.seed);
    return sizesOf(plan, mainArms.network).filter((size) => {
        const interval = ratioBetween(medians, mainArms.volume, mainArms.network, size)?.interval;
        return isWide(interval, plan.targetHalfWidth);
    });
}

/** Whether there is no interval, or its relative half-width exceeds the target. */
export function isWide(interval: readonly [number, number] | undefined, targetHalfWidth: number): boolean {
    return interval === undefined || relativeHalfWidth(interval) > targetHalfWidth;
}

/**
 * The scheduled trials that belong to the run, given its journal: all rounds below `plan.rounds`; then one whole round
 * after another while {@link wideSizes} returns a size after all earlier rounds. A round that has started belongs to the
 * run, since it was needed then. A main arm that was given up (`discarded` or `unavailable`) ends the run.
 *
 * So the driver and the results agree on the run's trials: the driver measures the missing ones, and asks again.
 * @param trials the journal so far, in any order
 */
export function requiredTrials(plan: Plan, trials: readonly Trial[]): ScheduledTrial[] {
    const journal = finalTrials(trials);
    const scheduled = schedule(plan);
    const begun = Math.max(plan.rounds, ...journal.map(({ round }) => round + 1));
    const rounds = begun < plan.maxRounds && isNextDemanded(plan, journal, scheduled, begun) ? begun + 1 : begun;
    return scheduled.filter(({ round }) => round < rounds);
}

/** Whether all earlier rounds are done but the intervals are still too wide. */
function isNextDemanded(
    plan: Plan,
    journal: readonly Trial[],
    scheduled: readonly ScheduledTrial[],
    round: number,
): boolean {
    const gone = givenUp(journal);
    if ([...gone.keys()].some(isMain)) return false;
    const done = new Set(journal.map(trialKey));
    const missing = scheduled.some(
        (trial) => trial.round < round && !gone.has(trial.arm) && !done.has(trialKey(trial)),
    );
    return !missing && wideSizes(plan, journal).length > 0;
}

/**
 * The arms that were given up, each with the trial that says why: its first `discarded` or `unavailable` one.
 * @param journal as `finalTrials` returns it
 */
export function givenUp(journal: readonly Trial[]): Map<string, Trial> {
    const ending = journal.filter(({ state }) => state === "discarded" || state === "unavailable");
    return new Map(ending.toReversed().map((trial) => [trial.arm, trial]));
}

/** Identifies a trial independently of its place in the schedule. */
export function trialKey({ round, arm }: Pick<ScheduledTrial, "round" | "arm">): string {
    return `${round} ${arm}`;
}
