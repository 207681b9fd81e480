import { repeatArm } from "../../model/arms.ts";
import type { Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { ratioInterval } from "../words/beside-limit.ts";
import { percent } from "../words/sentences.ts";
import { formatRatio } from "../words/units.ts";
import type { Grid } from "./grid.ts";

/**
 * The main network arm against itself (A/A), one line per size: its ratio, which would be 1 without noise, and the
 * largest difference that noise can cause.
 * @returns undefined if the run has no A/A arm
 */
export function noiseTable({ comparisons, ratios }: Pick<Results, "comparisons" | "ratios">): Grid | undefined {
    const repeats = comparisons.filter(({ arm }) => arm === repeatArm);
    if (repeats.length === 0) return undefined;
    return {
        head: ["size", "A/A ratio", "95% CI", "noise floor"],
        rows: repeats.map(({ size, ratio, interval }) => {
            const noise = ratios.find((candidate) => candidate.size === size)?.noise;
            return [
                formatSize(size),
                formatRatio(ratio),
                interval === undefined ? "-" : ratioInterval(interval),
                noise === undefined ? "-" : percent(noise - 1),
            ];
        }),
        left: [0],
    };
}
