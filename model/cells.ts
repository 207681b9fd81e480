import { type Arm, familyOf, isMain, repeatArm } from "./arms.ts";
import type { Mode, PlanCells } from "./plan.ts";

/** Payload sizes in bytes, by what is measured with them. */
export interface CellSizes {
    /** Both main arms in the closed loop. */
    sizes: readonly number[];
    /** The ablation arms; the harness floor only at the smallest of them. */
    ablationSizes: readonly number[];
    /** The A/A arm: all of `sizes`, like the arm it repeats, or fewer to save time. */
    repeatSizes: readonly number[];
    /** Both main arms in the other modes: after the closed loop, in the same processes. */
    phaseSizes: readonly number[];
    constantRateSizes: readonly number[];
    throughputSizes: readonly number[];
}

/** The cells of each arm, in order: the closed loop comes first, in fresh processes. */
export function cellsOf(arms: readonly Arm[], at: CellSizes): PlanCells[] {
    return arms.flatMap((arm) => {
        const cell = (mode: Mode, sizes: readonly number[]): PlanCells[] =>
            sizes.length === 0 ? [] : [{ arm, mode, sizes: [...sizes] }];
        const closedLoop = cell("closed-loop", closedLoopSizesOf(arm, at));
        if (!isMain(arm)) return closedLoop;
        return [
            ...closedLoop,
            ...cell("phases", at.phaseSizes),
            ...cell("constant-rate", at.constantRateSizes),
            ...cell("throughput", at.throughputSizes),
        ];
    });
}

function closedLoopSizesOf(arm: Arm, { sizes, ablationSizes, repeatSizes }: CellSizes): readonly number[] {
    if (arm === repeatArm) return repeatSizes;
    if (familyOf(arm) === "floor") return [Math.min(...ablationSizes)];
    return isMain(arm) ? sizes : ablationSizes;
}
