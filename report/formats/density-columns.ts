import { type DensityCell, type DensityFigure, type DensityFigures, densityName } from "../../model/density.ts";
import { isUnavailable, type Reading } from "../../model/reading.ts";

/** The columns of each figure: `p50_seconds`, `p50_low_seconds`, `p50_high_seconds`. */
const columns = [
    ["p50Seconds", "p50", "seconds"],
    ["p99Seconds", "p99", "seconds"],
    ["cpuCores", "cpu", "cores"],
    ["memoryBytes", "memory", "bytes"],
    ["otherCores", "other", "cores"],
] as const satisfies [keyof DensityFigures, string, string][];
const doubled = columnsOf("doubled_at", "pairs");

/** The columns of `density` in a CSV, beside those that cells and scenarios have as well. */
export const densityColumns: readonly string[] = [
    ...["pairs", "pods_per_pair", "addresses_per_pair"],
    ...columns.filter(([, , unit]) => unit !== "seconds").flatMap(([, name, unit]) => columnsOf(name, unit)),
    ...doubled,
];

function columnsOf(name: string, unit: string): [median: string, low: string, high: string] {
    return [`${name}_${unit}`, `${name}_low_${unit}`, `${name}_high_${unit}`];
}

/** In mode `density` a row for each number of pairs; in mode `density-slope` what one pair more adds. In SI units. */
export function densityRows(cells: readonly DensityCell[]): Record<string, Reading<number> | string>[] {
    return cells.flatMap(({ topology, injections, steps, slopes, doubling, podsPerPair, addressesPerPair }) => [
        ...steps.map((step) => ({
            ...{ mode: "density", scenario: densityName, topology, pairs: step.pairs, injections: step.injections },
            ...figureColumns(step),
        })),
        ...(slopes === undefined
            ? []
            : [
                  {
                      ...{ mode: "density-slope", scenario: densityName, topology, injections },
                      ...figureColumns(slopes),
                      ...{ pods_per_pair: podsPerPair, addresses_per_pair: addressesPerPair },
                      ...ofFigure(doubling, doubled),
                  },
              ]),
    ]);
}

function figureColumns(figures: DensityFigures): Record<string, Reading<number>> {
    return Object.assign(
        {},
        ...columns.map(([figure, name, unit]) => ofFigure(figures[figure], columnsOf(name, unit))),
    );
}

function ofFigure(
    figure: Reading<DensityFigure> | undefined,
    [median, low, high]: readonly [string, string, string],
): Record<string, Reading<number>> {
    if (figure === undefined) return {};
    if (isUnavailable(figure)) return { [median]: figure };
    const known = (value: number | null): Reading<number> => value ?? { unavailable: "larger than can be said" };
    const [from, to] = figure.interval ?? [];
    return {
        [median]: known(figure.median),
        ...(from !== undefined && { [low]: known(from) }),
        ...(to !== undefined && { [high]: known(to) }),
    };
}
