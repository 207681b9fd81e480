import { armsOf, sizesOf } from "../../model/plan.ts";
import { reasonText } from "../../model/reading.ts";
import type { Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import type { Trial } from "../../model/trial.ts";
import { perMille, roundTripsFor } from "../../statistics/histogram.ts";
import { type CellTrials, isUsed, trialsOf } from "../../statistics/trials.ts";
import { are, byArm, counted, plural, were } from "../words/sentences.ts";
import { metricsWarnings } from "./metrics-warnings.ts";
import { qualityWarnings, settingWarnings } from "./quality.ts";
import { scenarioWarnings } from "./scenario-warnings.ts";

/**
 * Everything a reader should know before trusting the numbers, one sentence for each cause, the worst first: what is missing or is
 * not what was asked for, then what was repeated or discarded and why, then how good the measurements are.
 * @param trials as `finalTrials` gives them
 * @param cellTrials as `collectTrials` gives them
 */
export function warningsOf(
    results: Omit<Results, "summary" | "warnings">,
    trials: readonly Trial[],
    cellTrials: CellTrials,
): string[] {
    const inState = (state: Trial["state"]) => trials.filter((trial) => trial.state === state);
    return [
        ...unavailable(results),
        ...missing(results, cellTrials),
        ...settingWarnings(results),
        ...counted(
            inState("discarded"),
            (count, list) => `${plural(count, "trial")} ${are(count)} not used: ${list}.`,
            trialText,
        ),
        ...discardedCells(trials),
        ...scenarioWarnings(results.scenarios),
        ...countedIn(results, "misses", "Some round trips were found only by a rescan because no event arrived"),
        ...countedIn(results, "staleAcks", "Some round trips got an ack of another message and rejected it"),
        ...counted(
            inState("noisy"),
            (count, list) => `${plural(count, "trial")} ${are(count)} used although noisy: ${list}.`,
            trialText,
        ),
        ...repeated(trials),
        ...qualityWarnings(results, cellTrials),
        ...absentP99(results),
        ...metricsWarnings(trials),
    ];
}

function trialText({ index, arm, round, reasons }: Trial): string {
    return `trial ${index} (${arm}, round ${round + 1}): ${reasonText(reasons)}`;
}

function unavailable({ unavailable }: Pick<Results, "unavailable">): string[] {
    return unavailable.map(({ arm, reason }) => `${arm} was not measured: ${reasonText([reason])}.`);
}

function missing(
    { plan, cells, unavailable }: Pick<Results, "plan" | "cells" | "unavailable">,
    cellTrials: CellTrials,
) {
    const offered = armsOf(plan).filter((arm) => unavailable.every((other) => other.arm !== arm));
    const none = (arm: string) =>
        sizesOf(plan, arm).filter((size) => cells.every((cell) => cell.arm !== arm || cell.size !== size));
    const noMedian = (arm: string) => cells.filter((cell) => cell.arm === arm && cell.p50Seconds === undefined);
    const fewer = (arm: string) =>
        sizesOf(plan, arm).filter((size) => {
            const { length } = trialsOf(cellTrials, { arm, mode: "closed-loop", size });
            return length > 0 && length < plan.rounds;
        });
    return [
        ...byArm(
            offered,
            (arm) => none(arm).map(formatSize),
            (list) => `There is no usable measurement: ${list}.`,
        ),
        ...byArm(
            offered,
            (arm) => noMedian(arm).map(({ size, roundTrips }) => `${formatSize(size)} (${roundTrips})`),
            (list) =>
                `Too few round trips for a median (${roundTripsFor(perMille.p50)} needed): ${list}; measure longer cells.`,
        ),
        ...byArm(
            offered,
            (arm) => fewer(arm).map(formatSize),
            (list) => `There are fewer than the ${plan.rounds} planned trials: ${list}.`,
        ),
    ];
}

function repeated(trials: readonly Trial[]): string[] {
    return counted(
        trials.filter((trial) => trial.state === "ok" && trial.attempt > 1),
        (count, list) =>
            `${plural(count, "trial")} ${were(count)} repeated, and only the last attempt is used: ${list}.`,
        ({ index, arm, attempt, reasons }) => `trial ${index} (${arm}, ${attempt} times): ${reasonText(reasons)}`,
    );
}

function discardedCells(trials: readonly Trial[]): string[] {
    const cells = trials
        .filter(isUsed)
        .flatMap((trial) => trial.cells.filter(({ state }) => state === "discarded").map((cell) => ({ trial, cell })));
    return counted(
        cells,
        (count, list) => `${plural(count, "cell")} ${are(count)} not used: ${list}.`,
        ({ trial: { index, arm, round }, cell: { mode, size, reasons } }) => {
            const what = mode === "closed-loop" ? formatSize(size) : `${formatSize(size)}, ${mode}`;
            return `trial ${index} (${arm}, round ${round + 1}) at ${what}: ${reasonText(reasons)}`;
        },
    );
}

function countedIn(
    { plan, cells }: Pick<Results, "plan" | "cells">,
    figure: "misses" | "staleAcks",
    what: string,
): string[] {
    return byArm(
        armsOf(plan),
        (arm) =>
            cells
                .filter((cell) => cell.arm === arm && cell[figure] > 0)
                .map((cell) => `${formatSize(cell.size)} (${cell[figure]} of ${cell.roundTrips})`),
        (list) => `${what}: ${list}.`,
    );
}

function absentP99({ plan, cells }: Pick<Results, "plan" | "cells">): string[] {
    return byArm(
        armsOf(plan),
        (arm) =>
            cells
                .filter((cell) => cell.arm === arm && cell.p99Seconds === undefined)
                .map(({ size }) => formatSize(size)),
        (list) => `Too few round trips for a p99 (${roundTripsFor(perMille.p99)} needed): ${list}.`,
    );
}
