import { isHeadline } from "../model/arms.ts";
import { armsOf, cellsOf, type Plan } from "../model/plan.ts";
import { seededRandom, shuffled } from "./random.ts";

/** The fields of the plan that determine the schedule and the length of a run. */
export type Schedulable = Pick<
    Plan,
    | "seed"
    | "cells"
    | "rounds"
    | "maxRounds"
    | "warmupSeconds"
    | "warmupRoundTrips"
    | "cellSeconds"
    | "cellRoundTrips"
    | "diagnosticSeconds"
>;

/** One size in one mode. */
export interface ScheduledCell {
    mode: string;
    /** Payload, bytes. */
    size: number;
}

/** One arm with fresh processes at both ends, and its cells in the given order. */
export interface ScheduledTrial {
    /** Position in the run, from 0. */
    index: number;
    /** Number of the trial within its arm, from 0. */
    round: number;
    arm: string;
    cells: ScheduledCell[];
}

/**
 * The order of the run: the same plan always gives the same schedule, so that a resumed run continues where it stopped.
 * Rounds from `plan.rounds` on contain only the headline arms, and are measured only while the intervals are too wide.
 */
export function schedule(plan: Schedulable): ScheduledTrial[] {
    const random = seededRandom(plan.seed);
    const trials: ScheduledTrial[] = [];
    for (let round = 0; round < plan.maxRounds; round++) {
        const arms = armsOf(plan).filter((arm) => round < plan.rounds || isHeadline(arm));
        for (const arm of shuffled(arms, random)) {
            const cells = cellsOf(plan, arm).flatMap(({ mode, sizes }) =>
                shuffled(sizes, random).map((size) => ({ mode, size })),
            );
            trials.push({ index: trials.length, round, arm, cells });
        }
    }
    return trials;
}

/** Length of a cell, seconds: its slice, or its round trips if they take longer, plus the work around it. */
export function cellSecondsOf(
    { mode, size }: ScheduledCell,
    {
        cellSeconds,
        cellRoundTrips,
        diagnosticSeconds,
    }: Pick<Plan, "cellSeconds" | "cellRoundTrips" | "diagnosticSeconds">,
): number {
    if (mode !== "closed-loop") return diagnosticSeconds + aroundSeconds;
    return Math.max(cellSeconds, cellRoundTrips * size * secondsPerByte) + aroundSeconds;
}
/** Preparing a cell, checking the payloads that arrived, and reading the counters. */
const aroundSeconds = 0.06;
/** From 16 MiB, which take about 11 ms on the machines of the method. */
const secondsPerByte = 0.7e-9;
/** Starting processes at both ends, and writing the journal. */
const trialSeconds = 1;

/**
 * Minimum length of the plan, in seconds, without rounds beyond `plan.rounds`. Used for the time left and to reject a
 * plan that can't fit its deadline.
 */
export function expectedSeconds(plan: Schedulable): number {
    return longestSeconds({ ...plan, maxRounds: plan.rounds });
}

/** The same with all rounds up to `plan.maxRounds`. */
export function longestSeconds(plan: Schedulable): number {
    return schedule(plan).reduce((sum, trial) => sum + expectedTrialSeconds(trial, plan), 0);
}

/** Minimum length of a trial, seconds. */
export function expectedTrialSeconds({ cells }: ScheduledTrial, plan: Schedulable): number {
    return cells.reduce((sum, cell) => sum + cellSecondsOf(cell, plan), trialSeconds + plan.warmupSeconds);
}
