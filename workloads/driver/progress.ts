import type { Plan } from "../../model/plan.ts";
import type { Progress } from "../../model/progress.ts";
import { expectedBlockSeconds, type ScheduledBlock, type ScheduledCell } from "../../statistics/schedule.ts";

/** What is being measured. */
export interface Current {
    block: ScheduledBlock;
    /** The cell that comes next, and how many of the block are done. */
    cell: ScheduledCell;
    measured: number;
}

/**
 * How far a run is.
 * @param required all blocks that it takes by now, and `remaining` those of them that are not done
 * @param current undefined where no block is being measured
 */
export function progressOf(
    plan: Plan,
    required: readonly ScheduledBlock[],
    remaining: readonly ScheduledBlock[],
    current?: Current,
): Progress {
    const cells = (blocks: readonly ScheduledBlock[]) => blocks.reduce((sum, block) => sum + block.cells.length, 0);
    const seconds = remaining.reduce((sum, block) => sum + expectedBlockSeconds(block, plan), 0);
    const counts = { blocks: required.length, cells: cells(required) };
    const done = cells(required) - cells(remaining);
    if (current === undefined) {
        return { phase: "measuring", block: required.length, cell: done, ...counts, remainingSeconds: seconds };
    }
    const { block, cell, measured } = current;
    const { index, arm } = block;
    const past = (expectedBlockSeconds(block, plan) * measured) / block.cells.length;
    const position = { block: index, arm, cell: done + measured, ...counts };
    return { phase: "measuring", ...position, ...cell, remainingSeconds: seconds - past };
}
