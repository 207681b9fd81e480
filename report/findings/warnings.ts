import { reasonText } from "../../model/reading.ts";
import type { Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import type { Block } from "../../model/trial.ts";
import { perMille, roundTripsFor } from "../../statistics/histogram.ts";
import { closedLoopSizes } from "../../statistics/schedule.ts";
import { isUsed, type Trials, trialsOf } from "../../statistics/trials.ts";
import { capped, line, plural } from "../words/sentences.ts";
import { metricsWarnings } from "./metrics-warnings.ts";
import { qualityWarnings } from "./quality.ts";

/**
 * Everything a reader should know before believing the numbers, one sentence each: what is missing, what was repeated
 * or thrown away and why, and what the measurements say about their own quality.
 * @param blocks as `finalBlocks` gives them
 * @param trials as `collectTrials` gives them
 */
export function warningsOf(
    results: Omit<Results, "summary" | "warnings">,
    blocks: readonly Block[],
    trials: Trials,
): string[] {
    return [
        ...unavailable(results),
        ...missing(results, trials),
        ...blocksOf(blocks, "void", "is not used"),
        ...blocksOf(blocks, "disturbed", "is used although it was disturbed"),
        ...repeated(blocks),
        ...voidCells(blocks),
        ...counted(results, "misses", "were found only by a rescan: no event came for them"),
        ...counted(results, "staleAcks", "saw an ack of another round, which was not accepted"),
        ...absentP99(results),
        ...qualityWarnings(results, trials),
        ...metricsWarnings(blocks),
    ];
}

function unavailable({ unavailable }: Pick<Results, "unavailable">): string[] {
    return unavailable.map(({ arm, reason }) => `${arm} was not measured: ${reasonText([reason])}.`);
}

function missing({ plan, cells, unavailable }: Pick<Results, "plan" | "cells" | "unavailable">, trials: Trials) {
    const offered = plan.arms.filter((arm) => unavailable.every((other) => other.arm !== arm));
    return offered.flatMap((arm) => {
        const sizes = closedLoopSizes(arm, plan);
        const none = sizes.filter((size) => cells.every((cell) => cell.arm !== arm || cell.size !== size));
        const noMedian = cells.filter((cell) => cell.arm === arm && cell.p50Seconds === undefined);
        const fewer = sizes.filter((size) => {
            const { length } = trialsOf(trials, { arm, mode: "closed-loop", size });
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

function blocksOf(blocks: readonly Block[], state: Block["state"], what: string): string[] {
    return capped(
        blocks.filter((block) => block.state === state),
        ({ index, arm, round, reasons }) =>
            `Block ${index} (${arm}, trial ${round + 1}) ${what}: ${reasonText(reasons)}.`,
        (more) => `${plural(more, "more block")}: ${state}.`,
    );
}

function repeated(blocks: readonly Block[]): string[] {
    return capped(
        blocks.filter((block) => block.state === "ok" && block.attempt > 1),
        ({ index, arm, attempt, reasons }) =>
            `Block ${index} (${arm}) was measured ${attempt} times, the last is used: ${reasonText(reasons)}.`,
        (more) => `${plural(more, "more block")} ${more === 1 ? "was" : "were"} repeated.`,
    );
}

function voidCells(blocks: readonly Block[]): string[] {
    const cells = blocks
        .filter(isUsed)
        .flatMap((block) => block.cells.filter(({ state }) => state === "void").map((cell) => ({ block, cell })));
    return capped(
        cells,
        ({ block, cell: { mode, size, reasons } }) => {
            const where = mode === "closed-loop" ? formatSize(size) : `${formatSize(size)}, ${mode},`;
            return `Block ${block.index} (${block.arm}, trial ${block.round + 1}) at ${where} is not used: ${reasonText(reasons)}.`;
        },
        (more) => `${plural(more, "more cell")} ${more === 1 ? "is" : "are"} not used.`,
    );
}

function counted(
    { plan, cells }: Pick<Results, "plan" | "cells">,
    figure: "misses" | "staleAcks",
    what: string,
): string[] {
    return plan.arms.flatMap((arm) => {
        const affected = cells.filter((cell) => cell.arm === arm && cell[figure] > 0);
        return line(
            affected.map((cell) => `${formatSize(cell.size)} (${cell[figure]} of ${cell.roundTrips})`),
            (list) => `${arm}: round trips ${what}, at ${list}.`,
        );
    });
}

function absentP99({ plan, cells }: Pick<Results, "plan" | "cells">): string[] {
    return plan.arms.flatMap((arm) => {
        const lacking = cells.filter((cell) => cell.arm === arm && cell.p99Seconds === undefined);
        return line(
            lacking.map(({ size }) => formatSize(size)),
            (list) => `${arm}: no p99 for lack of round trips (${roundTripsFor(perMille.p99)} needed) at ${list}.`,
        );
    });
}
