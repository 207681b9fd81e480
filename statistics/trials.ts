import type { Arm } from "../model/arms.ts";
import { ReportError } from "../model/error.ts";
import type { Mode } from "../model/plan.ts";
import { formatSize } from "../model/sizes.ts";
import type { Block, CellRecord } from "../model/trial.ts";
import { decodeHistogram, type Histogram } from "./histogram.ts";

/** What one block contributes to a cell. */
export interface Trial {
    arm: Arm;
    /** Index of the block in the run. */
    block: number;
    record: CellRecord;
    histogram: Histogram;
}

/** One arm in one mode at one size in bytes. */
export interface CellKey {
    arm: Arm;
    mode: Mode;
    size: number;
}

/** The usable records of a run; {@link trialsOf} reads it. */
export type Trials = ReadonlyMap<string, Trial[]>;

/**
 * The journal without repetitions: of each index the last attempt, ascending by index. Identical entries count once.
 * @throws ReportError if an attempt of a block is there twice with different contents
 */
export function finalBlocks(blocks: readonly Block[]): Block[] {
    const byIndex = new Map<number, Block>();
    for (const block of blocks) {
        const other = byIndex.get(block.index);
        if (other?.attempt === block.attempt && JSON.stringify(other) !== JSON.stringify(block)) {
            throw new ReportError(
                `journal of run "${block.runId}": attempt ${block.attempt} of block ${block.index} is there twice with different contents; start a new run`,
            );
        }
        if (other === undefined || other.attempt < block.attempt) byIndex.set(block.index, block);
    }
    return [...byIndex.values()].sort((one, other) => one.index - other.index);
}

/**
 * The usable records of every arm, mode and size, in the order of the blocks: neither blocks that were void or
 * unavailable nor void cells nor cells without a round trip.
 * @param blocks as {@link finalBlocks} gives them
 * @returns one entry a block for each cell
 * @throws ReportError if a histogram can't be read or holds another number of round trips than the record
 */
export function collectTrials(blocks: readonly Block[]): Trials {
    const trials = blocks.filter(isUsed).flatMap((block) =>
        block.cells
            .filter(({ state, roundTrips }) => state === "ok" && roundTrips > 0)
            .map(
                (record): Trial => ({
                    arm: block.arm,
                    block: block.index,
                    record,
                    histogram: histogramOf(block, record),
                }),
            ),
    );
    return Map.groupBy(trials, ({ arm, record: { mode, size } }) => keyOf({ arm, mode, size }));
}

/** Whether the measurements of a block count. */
export function isUsed({ state }: Block): boolean {
    return state === "ok" || state === "disturbed";
}

/** The trials of a cell, in the order of the blocks; empty where there are none. */
export function trialsOf(trials: Trials, key: CellKey): Trial[] {
    return trials.get(keyOf(key)) ?? [];
}

function histogramOf(block: Block, record: CellRecord): Histogram {
    const where = `block ${block.index} (${block.arm}), ${formatSize(record.size)}`;
    let histogram: Histogram;
    try {
        histogram = decodeHistogram(record.histogram);
    } catch (cause) {
        throw new ReportError(`${where}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
    if (histogram.count !== record.roundTrips) {
        throw new ReportError(
            `${where}: the histogram holds ${histogram.count} round trips, expected ${record.roundTrips}; repeat the block`,
        );
    }
    return histogram;
}

function keyOf({ arm, mode, size }: CellKey): string {
    return `${arm} ${mode} ${size}`;
}
