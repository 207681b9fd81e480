import { type DensityCell, type DensityFigures, densityName } from "../../model/density.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Results } from "../../model/results.ts";
import type { Expected, ScenarioResults } from "../../model/scenarios.ts";
import { coresText, figureText, memoryText, pairsText } from "../findings/density-figures.ts";
import { mostOf, unfitTexts } from "../findings/density-summary.ts";
import { durationWithInterval, shiftText } from "../words/durations.ts";
import { grouped } from "../words/scenario-words.ts";
import type { Grid, Row } from "./grid.ts";
import { expectationText } from "./scenario-tables.ts";

/** Figures that may be unavailable, with the titles of their columns. */
const used = [
    ["cpuCores", "CPU", coresText],
    ["memoryBytes", "memory", memoryText],
    ["otherCores", "other CPU", coresText],
] as const;
const titles = used.map(([, title]) => title);

/** Several pairs at once: every number of pairs, and what each further pair adds. None without injections of `density`. */
export function densityTables({ scenarios }: Pick<Results, "scenarios">): Grid[] {
    const { density = [] } = scenarios ?? {};
    return scenarios === undefined || density.length === 0
        ? []
        : [stepsTable(scenarios, density), slopesTable(density)];
}

function stepsTable({ plan, expected }: ScenarioResults, cells: readonly DensityCell[]): Grid {
    const latency = (figure: DensityFigures["p50Seconds"]) =>
        isUnavailable(figure) ? "-" : durationWithInterval(figure, plan.deadlineSeconds);
    return {
        caption:
            "Medians over injections [95% CI]: latency of a pair, CPU and memory of all (other CPU: of their machines beside that)",
        head: ["pairs", "n", "p50", "p99", ...titles],
        rows: cells.flatMap((cell): Row[] => [
            ...titlesOf(cell, expected),
            ...cell.steps.map((step) => [
                ...[step.pairs, step.injections].map(String),
                ...[step.p50Seconds, step.p99Seconds].map(latency),
                ...usedTexts(step),
            ]),
            ...unfitTexts(cell),
            ...reasonsOf(cell.steps),
        ]),
        left: [0],
    };
}

function slopesTable(cells: readonly DensityCell[]): Grid {
    return {
        caption:
            "What each further pair adds (Theil-Sen), and with how many p99 is twice that of one: medians [95% CI]",
        head: ["topology", "p50", "p99", ...titles, "Pods", "addresses", "p99 doubled at"],
        rows: cells.flatMap(({ topology, slopes, doubling, steps, podsPerPair, addressesPerPair }): Row[] => [
            [
                topology,
                ...[slopes?.p50Seconds, slopes?.p99Seconds].map((slope) => figureText(slope, shiftText)),
                ...(slopes === undefined ? used.map(() => "-") : usedTexts(slopes)),
                ...[podsPerPair, addressesPerPair].map(String),
                figureText(doubling, (pairs) => pairsText(pairs, mostOf(steps))),
            ],
            ...reasonsOf(slopes === undefined ? [] : [slopes]),
        ]),
        left: [0],
    };
}

/** `network: expected: two Pods for each pair`, `of 21,600 messages all were acknowledged`. */
function titlesOf({ topology, messages, unacknowledged }: DensityCell, expected: readonly Expected[]): string[] {
    const wanted = expected.filter((one) => one.scenario === densityName && one.topology === topology);
    const lacking = unacknowledged === 0 ? "all" : `all but ${grouped(unacknowledged)}`;
    return [
        [topology, ...wanted.map(expectationText)].join(": "),
        `of ${grouped(messages)} messages ${lacking} were acknowledged`,
    ];
}

function usedTexts(figures: DensityFigures): string[] {
    return used.map(([name, , text]) => figureText(figures[name], text));
}

/** Each reason once. */
function reasonsOf(all: readonly DensityFigures[]): string[] {
    const reasons = all.flatMap((figures) =>
        used.flatMap(([name, title]) => {
            const figure = figures[name];
            return isUnavailable(figure) ? [`${title}: unavailable: ${figure.unavailable}`] : [];
        }),
    );
    return [...new Set(reasons)];
}
