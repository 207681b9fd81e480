import { mainArms, specOf } from "../model/arms.ts";
import type { Comparison, Ratio } from "../model/results.ts";
import type { Estimates } from "./estimate.ts";
import { claimedWithin, noiseAt } from "./noise.ts";
import { type MedianRatio, ratioOf } from "./ratio.ts";
import { verdictOf } from "./verdict.ts";

/** p50 of an arm over p50 of another at a size; undefined if one of them has none. */
export function ratioBetween(
    medians: Estimates,
    numerator: string,
    denominator: string,
    size: number,
): MedianRatio | undefined {
    const [above, below] = [medians(numerator, size), medians(denominator, size)];
    return above === undefined || below === undefined ? undefined : ratioOf(above, below);
}

/**
 * Every arm against its reference, wherever both have a median: the cost of a cause. Includes the A/A arm.
 * @param arms measured arms, in the order of the result
 * @param sizes ascending
 */
export function comparisonsOf(arms: readonly string[], sizes: readonly number[], medians: Estimates): Comparison[] {
    return arms.flatMap((arm) => {
        const { reference } = specOf(arm);
        if (reference === undefined) return [];
        return sizes.flatMap((size): Comparison[] => {
            const ratio = ratioBetween(medians, arm, reference, size);
            return ratio === undefined ? [] : [{ arm, reference, size, ...ratio }];
        });
    });
}

/**
 * Volume against network with the verdict, wherever both main arms have a median.
 * @param sizes ascending
 * @param comparisons those of the A/A arm give the noise floor
 */
export function ratiosOf(sizes: readonly number[], medians: Estimates, comparisons: readonly Comparison[]): Ratio[] {
    return sizes.flatMap((size): Ratio[] => {
        const ratio = ratioBetween(medians, mainArms.volume, mainArms.network, size);
        if (ratio === undefined) return [];
        const verdict = verdictOf(ratio.interval);
        const noise = noiseAt(size, comparisons);
        const withinNoise = claimedWithin({ ...ratio, verdict }, noise);
        return [{ size, ...ratio, verdict, ...(noise === undefined ? {} : { noise }), withinNoise }];
    });
}
