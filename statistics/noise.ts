import { repeatArm } from "../model/arms.ts";
import type { Comparison, Ratio } from "../model/results.ts";
import { rounded } from "./rounding.ts";

/**
 * The noise floor at a size as a factor, 1 or more: how far from 1 the 95% interval of the main network arm against
 * itself (A/A) reaches. Smaller differences can't be distinguished from noise of the machine and of the order of arms. At
 * a size without an A/A interval it is the wider one of the nearest sizes below and above that have one.
 * @returns undefined if no size has an A/A interval
 */
export function noiseAt(size: number, comparisons: readonly Comparison[]): number | undefined {
    const floors = comparisons
        .filter(({ arm }) => arm === repeatArm)
        .flatMap(({ size, interval }) => (interval === undefined ? [] : [{ size, factor: reach(interval) }]))
        .sort((one, other) => one.size - other.size);
    const below = floors.findLast((floor) => floor.size <= size);
    const above = floors.find((floor) => floor.size >= size);
    if (below === undefined || above === undefined) return (below ?? above)?.factor;
    return Math.max(below.factor, above.factor);
}

/** Whether an arm is reported as faster by no more than the noise floor. */
export function claimedWithin(
    { ratio, verdict }: Pick<Ratio, "ratio" | "verdict">,
    noise: number | undefined,
): boolean {
    const claimed = verdict === "network faster" || verdict === "volume faster";
    return claimed && noise !== undefined && Math.max(ratio, 1 / ratio) <= noise;
}

function reach([low, high]: readonly [number, number]): number {
    return rounded(Math.max(high, 1 / low));
}
