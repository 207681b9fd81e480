import { mainArms } from "./arms.ts";
import { type Trial, trialsOf } from "./cells.ts";
import { perMille, samplesAbove } from "./histogram.ts";
import type { Block, Cell, Results } from "./schema.ts";
import { formatSize } from "./sizes.ts";

/** Of each kind of trouble so many blocks are listed, the rest counted: the results have to stay small. */
const listed = 10;
/** Reasons are cut after so many characters. */
const reasonLength = 300;
/** Medians of the first and the last third that differ by more than this are a trend. */
const trendBound = 0.1;
/** Fewer trials than these: a first look, not a result to act on. */
const enoughTrials = 10;

/**
 * Everything a reader should know before believing the numbers, one sentence each: what is missing, what was repeated
 * or thrown away and why, and what the measurements say about their own quality.
 * @param blocks as {@link finalBlocks} gives them
 * @param trials as {@link collectTrials} gives them
 */
export function warningsOf(
    results: Omit<Results, "summary" | "warnings">,
    blocks: readonly Block[],
    trials: ReadonlyMap<string, Trial[]>,
): string[] {
    return [
        ...missing(results, trials),
        ...blocksOf(blocks, "void", "is not used"),
        ...blocksOf(blocks, "disturbed", "is used although it was disturbed"),
        ...repeated(blocks),
        ...voidCells(blocks),
        ...fewTrials(results),
        ...counted(results, "misses", "were found only by a rescan: no event came for them"),
        ...counted(results, "staleAcks", "saw an ack of another round, which was not accepted"),
        ...trends(results, trials),
        ...absentP99(results),
        ...placement(results),
        ...throttled(results),
    ];
}

function missing({ plan, cells }: Pick<Results, "plan" | "cells">, trials: ReadonlyMap<string, Trial[]>): string[] {
    return plan.arms.flatMap((arm) => {
        const cellAt = (size: number) => cells.find((cell) => cell.arm === arm && cell.size === size);
        const none = plan.sizes.filter((size) => cellAt(size) === undefined);
        const noMedian = cells.filter((cell) => cell.arm === arm && cell.p50Seconds === undefined);
        const fewer = plan.sizes.filter((size) => {
            const { length } = trialsOf(trials, arm, size);
            return length > 0 && length < plan.rounds;
        });
        return [
            ...line(none.map(formatSize), (sizes) => `${arm}: no usable measurement at ${sizes}.`),
            ...line(
                noMedian.map(({ size, roundTrips }) => `${formatSize(size)} (${roundTrips})`),
                (sizes) => {
                    return `${arm}: too few round trips for a median (${needed(perMille.p50)} needed) at ${sizes}.`;
                },
            ),
            ...line(
                fewer.map(formatSize),
                (sizes) => `${arm}: fewer than the ${plan.rounds} planned trials at ${sizes}.`,
            ),
        ];
    });
}

function blocksOf(blocks: readonly Block[], state: Block["state"], what: string): string[] {
    return capped(
        blocks.filter((block) => block.state === state),
        ({ index, arm, round, reasons }) => `Block ${index} (${arm}, trial ${round + 1}) ${what}: ${joined(reasons)}.`,
        (more) => `${more} more blocks: ${state}.`,
    );
}

function repeated(blocks: readonly Block[]): string[] {
    return capped(
        blocks.filter((block) => block.state === "ok" && block.attempt > 1),
        ({ index, arm, attempt, reasons }) =>
            `Block ${index} (${arm}) was measured ${attempt} times, the last is used: ${joined(reasons)}.`,
        (more) => `${more} more blocks were repeated.`,
    );
}

function voidCells(blocks: readonly Block[]): string[] {
    const cells = blocks
        .filter(({ state }) => state !== "void")
        .flatMap((block) => block.cells.filter(({ state }) => state === "void").map((cell) => ({ block, cell })));
    return capped(
        cells,
        ({ block, cell }) =>
            `Block ${block.index} (${block.arm}, trial ${block.round + 1}) at ${formatSize(cell.size)} is not used: ${joined(cell.reasons)}.`,
        (more) => `${more} more cells are not used.`,
    );
}

function fewTrials({ plan }: Pick<Results, "plan">): string[] {
    if (plan.rounds >= enoughTrials) return [];
    const trials =
        plan.rounds === 1 ? "1 trial per arm gives no interval" : `${plan.rounds} trials per arm give wide intervals`;
    return [`${trials}: a first look; profile standard (${enoughTrials} trials) gives a result to act on.`];
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
            (sizes) => `${arm}: round trips ${what}, at ${sizes}.`,
        );
    });
}

/** Only where each third holds enough for a median of its own, and in at least two trials and a third of them. */
function trends({ plan }: Pick<Results, "plan">, trials: ReadonlyMap<string, Trial[]>): string[] {
    return plan.arms.flatMap((arm) => {
        const sizes = plan.sizes.flatMap((size) => {
            const all = trialsOf(trials, arm, size);
            const moved = all.filter(({ record }) => {
                const { firstThirdP50Seconds: first, lastThirdP50Seconds: last } = record;
                return record.roundTrips >= 3 * needed(perMille.p50) && Math.abs(last - first) > trendBound * first;
            });
            return moved.length >= Math.max(2, all.length / 3)
                ? [`${formatSize(size)} (${moved.length} of ${all.length} trials)`]
                : [];
        });
        return line(
            sizes,
            (list) =>
                `${arm}: the median moved by more than 10% between the first and the last third of a cell at ${list}; a longer warm-up or a quieter machine is needed.`,
        );
    });
}

function absentP99({ plan, cells }: Pick<Results, "plan" | "cells">): string[] {
    return plan.arms.flatMap((arm) => {
        const lacking = cells.filter((cell: Cell) => cell.arm === arm && cell.p99Seconds === undefined);
        return line(
            lacking.map(({ size }) => formatSize(size)),
            (sizes) => `${arm}: no p99 for lack of round trips (${needed(perMille.p99)} needed) at ${sizes}.`,
        );
    });
}

function placement({ environment, plan }: Pick<Results, "environment" | "plan">): string[] {
    const { asked, sameNode } = environment.placement;
    if (sameNode === true && asked === "cross-node" && plan.arms.includes(mainArms.network)) {
        return ["Placement cross-node was asked for, but all measured containers were on one node."];
    }
    if (sameNode === false && asked === "same-node") {
        return ["Placement same-node was asked for, but the measured containers were on several nodes."];
    }
    return [];
}

function throttled({ throttledSeconds }: Pick<Results, "throttledSeconds">): string[] {
    if (typeof throttledSeconds !== "number" || throttledSeconds === 0) return [];
    return [
        `A measured container was throttled for ${throttledSeconds} s by its CPU limit: the tail is the limit's, raise it.`,
    ];
}

function needed(thousandths: number): number {
    return Math.ceil((1000 * samplesAbove) / (1000 - thousandths));
}

function line(items: readonly string[], sentence: (list: string) => string): string[] {
    return items.length === 0 ? [] : [sentence(items.join(", "))];
}

function capped<T>(items: readonly T[], sentence: (item: T) => string, rest: (more: number) => string): string[] {
    const more = items.length - listed;
    return [...items.slice(0, listed).map(sentence), ...(more > 0 ? [rest(more)] : [])];
}

function joined(reasons: readonly string[]): string {
    const text = reasons.join("; ").replace(/\.$/, "") || "no reason given";
    return text.length > reasonLength ? `${text.slice(0, reasonLength)}...` : text;
}
