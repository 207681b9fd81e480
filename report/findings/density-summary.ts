import type { DensityCell, DensityFigure } from "../../model/density.ts";
import { isUnavailable, type Reading } from "../../model/reading.ts";
import { shiftText } from "../words/durations.ts";
import { topologyWords } from "../words/scenario-words.ts";
import { plural } from "../words/sentences.ts";
import { coresText, figureText, memoryText, pairsText } from "./density-figures.ts";

/** What one pair more costs, and when p99 is doubled, in one sentence. @param cells at least one */
export function summarizeDensity(cells: readonly DensityCell[]): string {
    const sloped = cells.filter(({ slopes }) => slopes !== undefined);
    if (sloped.length === 0)
        return "Only one number of pairs could be measured at once, so nothing is known of others.";
    const of = (text: (cell: DensityCell) => string) =>
        sloped.map((cell) => `${text(cell)} in ${topologyWords(cell.topology)}`).join(" and ");
    const p99 = of(({ slopes }) => figureText(slopes?.p99Seconds, shiftText));
    const used = of(
        ({ slopes }) => `${medianText(slopes?.cpuCores, coresText)} and ${medianText(slopes?.memoryBytes, memoryText)}`,
    );
    const counts = [...new Set(sloped.map(({ injections }) => injections))];
    const each = counts.length === 1 && sloped.length > 1 ? " each" : "";
    return `One pair more changed p99 by ${p99}, and used ${used}; p99 was doubled ${of(doubledText)} (n = ${counts.join(" and ")}${each}).`;
}

function medianText(figure: Reading<DensityFigure> | undefined, text: (value: number | null) => string): string {
    return figure === undefined || isUnavailable(figure) ? "an unknown amount" : text(figure.median);
}

/** `at 3.1 pairs [2.2 to 4.0]`, `not with 8 pairs`. */
function doubledText({ doubling, steps }: DensityCell): string {
    const most = mostOf(steps);
    if (doubling === undefined) return "at an unknown number of pairs";
    return doubling.median === null
        ? `not with ${plural(most, "pair")}`
        : `at ${figureText(doubling, (pairs) => pairsText(pairs, most))}`;
}

/** The largest number of pairs that was measured. */
export function mostOf(steps: DensityCell["steps"]): number {
    return Math.max(...steps.map(({ pairs }) => pairs));
}

/** `8 pairs did not fit in 3 of 3 injections: 12 of 16 Pods run: Insufficient memory`. */
export function unfitTexts({ unfit, injections }: DensityCell): string[] {
    return unfit.map(
        (one) =>
            `${plural(one.pairs, "pair")} did not fit in ${one.injections} of ${plural(injections, "injection")}: ${one.reason.replace(/\.$/, "")}`,
    );
}
