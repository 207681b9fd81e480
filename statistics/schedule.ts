import { armsOf, cellsOf, isHeadline, type Plan } from "../model/plan.ts";
import { seededRandom, shuffled } from "./random.ts";

/** What decides the schedule of a run and how long it takes. */
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
    /** Which trial of its arm, from 0. */
    round: number;
    arm: string;
    cells: ScheduledCell[];
}

/**
 * The order of the run: the same plan always gives the same schedule, so that a resumed run goes on where it was.
 * Rounds from `plan.rounds` on hold the headline arms alone, and are carried out only as long as the intervals are too
 * wide.
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

/** What a cell takes, seconds: its slice, or its round trips if they take longer, and what is done around it. */
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
/** Preparing a cell, checking what arrived, and reading the counters. */
const aroundSeconds = 0.06;
/** What 16 MiB take on the machines of the method: about 11 ms. */
const secondsPerByte = 0.7e-9;
/** Fresh processes at both ends, and the journal. */
const trialSeconds = 1;

/**
 * How long the plan takes at least, in seconds, without rounds beyond `plan.rounds`. Used for the time left and to
 * refuse a plan that can't fit its deadline.
 */
export function expectedSeconds(plan: Schedulable): number {
    return schedule({ ...plan, maxRounds: plan.rounds }).reduce(
        (sum, trial) => sum + expectedTrialSeconds(trial, plan),
        0,
    );
}

/** How long a trial takes at least, seconds. */
export function expectedTrialSeconds({ cells }: ScheduledTrial, plan: Schedulable): number {
    return cells.reduce((sum, cell) => sum + cellSecondsOf(cell, plan), trialSeconds + plan.warmupSeconds);
}
