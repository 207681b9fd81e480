import { mainArms } from "../../model/arms.ts";
import type { Ratio, Results } from "../../model/results.ts";
import { formatAbout, formatSize } from "../../model/sizes.ts";
import { runsOf } from "../../statistics/verdict.ts";
import { ratioInterval } from "../words/beside-limit.ts";
import { percent } from "../words/sentences.ts";
import { formatFactor, formatRatio } from "../words/units.ts";

/** A number that the report highlights, and what it was computed from. */
export interface KeyFigure {
    label: string;
    value: string;
    detail: string;
}

const names = { network: "the network", volume: "the shared volume" } as const;

/** The verdict in a few words, for a title; `summarize` has the numbers. */
export function headlineOf({ complete, ratios }: Pick<Results, "complete" | "ratios">): string {
    const words = verdictWords(ratios);
    return complete ? `${words.charAt(0).toUpperCase()}${words.slice(1)}` : `Incomplete run: ${words}`;
}

function verdictWords(ratios: readonly Ratio[]): string {
    if (ratios.length === 0)
        return `no verdict: no size has a median of both ${mainArms.network} and ${mainArms.volume}`;
    const [first, second, ...more] = runsOf(ratios.filter(({ withinNoise }) => !withinNoise));
    if (first === undefined) return "no size shows a difference larger than the noise";
    if (second === undefined) {
        const others = ratios.length - first.ratios.length;
        if (others === 0) return `${names[first.winner]} is faster at every measured size`;
        const rest = others === 1 ? "the other one is" : "the others are";
        return `${names[first.winner]} is faster at ${first.ratios.length} of ${ratios.length} sizes; ${rest} undecided or within noise`;
    }
    if (more.length > 0) return `the faster arm changes ${more.length + 1} times with the size`;
    const upTo = formatSize((first.ratios.at(-1) as Ratio).size);
    return `${names[first.winner]} is faster up to ${upTo}, ${names[second.winner]} from ${formatSize(second.ratios[0].size)} on`;
}

/** The ratio at the smallest and the largest size, the crossover and the noise floor, as far as they exist. */
export function keyFigures({ ratios, crossover }: Pick<Results, "ratios" | "crossover">): KeyFigure[] {
    const ends = [...new Set([ratios[0], ratios.at(-1)])].filter((ratio) => ratio !== undefined);
    const noise = ratios.flatMap((ratio) => ratio.noise ?? []);
    return [
        ...ends.map(ratioFigure),
        ...(crossover === undefined ? [] : [crossoverFigure(crossover)]),
        ...(noise.length === 0
            ? []
            : [
                  {
                      label: "noise floor",
                      value: `up to ${percent(Math.max(...noise) - 1)}`,
                      detail: "the network against itself",
                  },
              ]),
    ];
}

function ratioFigure({ size, ratio, interval, verdict, withinNoise }: Ratio): KeyFigure {
    const decided = verdict === "network faster" || verdict === "volume faster";
    const factor = formatFactor(Math.max(ratio, 1 / ratio));
    const range = interval === undefined ? "no interval" : `95% CI: ${ratioInterval(interval)}`;
    return {
        label: formatSize(size),
        value: decided ? verdict.replace(" ", ` ${factor} `) : verdict,
        detail: `volume / network ${formatRatio(ratio)} (${range})${withinNoise ? ", within noise" : ""}`,
    };
}

function crossoverFigure({ size, lowSize, highSize }: NonNullable<Results["crossover"]>): KeyFigure {
    const end = (value: number | undefined) => (value === undefined ? "beyond the measured sizes" : formatAbout(value));
    return {
        label: "crossover",
        value: `about ${formatAbout(size)}`,
        detail: `95% CI: ${end(lowSize)} to ${end(highSize)}`,
    };
}
