import type { DensityFigure } from "../../model/density.ts";
import { isUnavailable, type Reading } from "../../model/reading.ts";
import { formatAbout } from "../../model/sizes.ts";
import { withEnds } from "../words/durations.ts";

/**
 * A figure over injections with its 95% CI, if it has one: `0.13 [0.11 to 0.15]`; `-` if it is unavailable.
 * @param text of a value; null: larger than any
 */
export function figureText(figure: Reading<DensityFigure> | undefined, text: (value: number | null) => string): string {
    if (figure === undefined || isUnavailable(figure)) return "-";
    const { median, interval } = figure;
    return withEnds(text(median), interval?.map(text));
}

/** CPU in cores, with 2 digits: `0.13 cores`, `1.2 cores`. */
export function coresText(cores: number | null): string {
    return cores === null ? "?" : `${Number(cores.toPrecision(2))} cores`;
}

/** Memory: `134 MiB`. */
export function memoryText(bytes: number | null): string {
    return bytes === null ? "?" : `${bytes < 0 ? "-" : ""}${formatAbout(Math.abs(bytes))}`;
}

/** A number of pairs between others: `3.1 pairs`, `> 8 pairs`. @param most that were measured; null is more than that */
export function pairsText(pairs: number | null, most: number): string {
    return `${pairs === null ? `> ${most}` : Number(pairs.toPrecision(2))} pairs`;
}
