import { armsOf, sizesOf } from "../../model/plan.ts";
import { reasonText } from "../../model/reading.ts";
import type { Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import type { Trial } from "../../model/trial.ts";
import { perMille, roundTripsFor } from "../../statistics/histogram.ts";
import { type CellTrials, isUsed, trialsOf } from "../../statistics/trials.ts";
import { capped, line, plural } from "../words/sentences.ts";
import { metricsWarnings } from "./metrics-warnings.ts";
import { qualityWarnings } from "./quality.ts";
import { scenarioWarnings } from "./scenario-warnings.ts";

/**
 * Everything a reader should know before trusting the numbers, one sentence each: what is missing, what was repeated
 * or discarded and why, and how good the measurements are.
 * @param trials as `finalTrials` gives them
 * @param cellTrials as `collectTrials` gives them
 */
export function warningsOf(
    results: Omit<Results, "summary" | "warnings">,
    trials: readonly Trial[],
    cellTrials: CellTrials,
): string[] {
    return [
        ...unavailable(results),
        ...missing(results, cellTrials),
        ...trialsOfState(trials, "discarded", "is not used"),
        ...trialsOfState(trials, "noisy", "is used although it was noisy"),
        ...repeated(trials),
        ...discardedCells(trials),
        ...counted(results, "misses", "were found only by a rescan because no event arrived"),
        ...counted(results, "staleAcks", "got an ack of another message and rejected it"),
        ...absentP99(results),
        ...qualityWarnings(results, cellTrials),
        ...metricsWarnings(trials),
        ...scenarioWarnings(results.scenarios),
    ];
}

function unavailable({ unavailable }: Pick<Results, "unavailable">): string[] {
    return unavailable.map(({ arm, reason }) => `${arm} was not measured: ${reasonText([reason])}.`);
}

function missing(
    { plan, cells, unavailable }: Pick<Results, "plan" | "cells" | "unavailable">,
    cellTrials: CellTrials,
) {
    const offered = armsOf(plan).filter((arm) => unavailable.every((other) => other.arm !== arm));
    return offered.flatMap((arm) => {
        const sizes = sizesOf(plan, arm);
        const none = sizes.filter((size) => cells.every((cell) => cell.arm !== arm || cell.size !== size));
        const noMedian = cells.filter((cell) => cell.arm === arm && cell.p50Seconds === undefined);
        const fewer = sizes.filter((size) => {
            const { length } = trialsOf(cellTrials, { arm, mode: "closed-loop", size });
            return length > 0 && length < plan.rounds;
        });
        return [
            ...line(none.map(formatSize), (list) => `${arm}: no usable measurement at ${list}.`),
            ...line(
                noMedian.map(({ size, roundTrips }) => `${formatSize(size)} (${roundTrips})`),
                (list) =>
                    `${arm}: too few round trips for a median (${roundTripsFor(perMille.p50)} needed) at ${list}.`,
            ),
            ...line(
                fewer.map(formatSize),
                (list) => `${arm}: fewer than the ${plan.rounds} planned trials at ${list}.`,
            ),
        ];
    });
}

function trialsOfState(trials: readonly Trial[], state: Trial["state"], what: string): string[] {
    return capped(
        trials.filter((trial) => trial.state === state),
        ({ index, arm, round, reasons }) =>
            `Trial ${index} (${arm}, round ${round + 1}) ${what}: ${reasonText(reasons)}.`,
        (more) => `${plural(more, "more trial")}: ${state}.`,
    );
}

function repeated(trials: readonly Trial[]): string[] {
    return capped(
        trials.filter((trial) => trial.state === "ok" && trial.attempt > 1),
        ({ index, arm, attempt, reasons }) =>
            `Trial ${index} (${arm}) was measured ${attempt} times, only the last attempt is used: ${reasonText(reasons)}.`,
        (more) => `${plural(more, "more trial")} ${more === 1 ? "was" : "were"} repeated.`,
    );
}

function discardedCells(trials: readonly Trial[]): string[] {
    const cells = trials
        .filter(isUsed)
        .flatMap((trial) => trial.cells.filter(({ state }) => state === "discarded").map((cell) => ({ trial, cell })));
    return capped(
        cells,
        ({ trial, cell: { mode, size, reasons } }) => {
            const where = mode === "closed-loop" ? formatSize(size) : `${formatSize(size)}, ${mode},`;
            return `Trial ${trial.index} (${trial.arm}, round ${trial.round + 1}) at ${where} is not used: ${reasonText(reasons)}.`;
        },
        (more) => `${plural(more, "more cell")} ${more === 1 ? "is" : "are"} not used.`,
    );
}

function counted(
    { plan, cells }: Pick<Results, "plan" | "cells">,
    figure: "misses" | "staleAcks",
    what: string,
): string[] {
    return armsOf(plan).flatMap((arm) => {
        const affected = cells.filter((cell) => cell.arm === arm && cell[figure] > 0);
        return line(
            affected.map((cell) => `${formatSize(cell.size)} (${cell[figure]} of ${cell.roundTrips})`),
            (list) => `${arm}: some round trips ${what}, at ${list}.`,
        );
    });
}

function absentP99({ plan, cells }: Pick<Results, "plan" | "cells">): string[] {
    return armsOf(plan).flatMap((arm) => {
        const lacking = cells.filter((cell) => cell.arm === arm && cell.p99Seconds === undefined);
        return line(
            lacking.map(({ size }) => formatSize(size)),
            (list) => `${arm}: too few round trips for a p99 (${roundTripsFor(perMille.p99)} needed) at ${list}.`,
        );
    });
}
