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
 * The sizes at which the interval of the main ratio is missing or still wider than `plan.targetHalfWidth`. Looks at the
 * width alone, never at the ratio: a run that stopped when the result looked good would find one too often.
 * @param trials the journal, in any order
 * @returns in the order of the plan; none where the plan lacks a main arm
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

/** Whether there is no interval, or half of it is more than so much of the ratio. */
export function isWide(interval: readonly [number, number] | undefined, targetHalfWidth: number): boolean {
    return interval === undefined || relativeHalfWidth(interval) > targetHalfWidth;
}

/**
 * The scheduled trials that belong to the run, given its journal: all rounds below `plan.rounds`; beyond, one whole round
 * after another as long as {@link wideSizes} names a size when all rounds before are done. A round that has begun belongs
 * to the run, as it was demanded then. A main arm that was given up (`discarded` or `unavailable`) ends it.
 *
 * So the driver and the results agree on what the run is: the driver measures what is missing of this, and asks again.
 * @param trials the journal so far, in any order
 */
export function requiredTrials(plan: Plan, trials: readonly Trial[]): ScheduledTrial[] {
    const journal = finalTrials(trials);
    const scheduled = schedule(plan);
    const begun = Math.max(plan.rounds, ...journal.map(({ round }) => round + 1));
    const rounds = begun < plan.maxRounds && isNextDemanded(plan, journal, scheduled, begun) ? begun + 1 : begun;
    return scheduled.filter(({ round }) => round < rounds);
}

/** Whether everything before this round is done, and not yet enough. */
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
 * The arms that are not measured any further, each with the trial that says why: its first one that is `discarded` or
 * `unavailable`.
 * @param journal as `finalTrials` gives it
 */
export function givenUp(journal: readonly Trial[]): Map<string, Trial> {
    const ending = journal.filter(({ state }) => state === "discarded" || state === "unavailable");
    return new Map(ending.toReversed().map((trial) => [trial.arm, trial]));
}

/** What identifies a trial whatever its place in the schedule. */
export function trialKey({ round, arm }: Pick<ScheduledTrial, "round" | "arm">): string {
    return `${round} ${arm}`;
}
