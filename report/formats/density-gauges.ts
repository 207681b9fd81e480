import type { DensityCell, DensityFigure, DensityFigures } from "../../model/density.ts";
import { isUnavailable, type Reading } from "../../model/reading.ts";
import type { Results } from "../../model/results.ts";
import { boundOf } from "./scenario-gauges.ts";

type Labels = Record<string, string | number>;
/** A figure over injections, and what it is of. */
interface Labelled {
    labels: Labels;
    figure: Reading<DensityFigure> | undefined;
}
interface DensityGauge {
    name: string;
    help: string;
    of: (results: Results) => { labels: Labels; value: number }[];
}

const figures: readonly [name: string, unit: string, help: string, of: (figures: DensityFigures) => Labelled[]][] = [
    [
        "latency",
        "seconds",
        "latency of the pair in the middle, by quantile",
        ({ p50Seconds, p99Seconds }) => [
            { labels: { quantile: 0.5 }, figure: p50Seconds },
            { labels: { quantile: 0.99 }, figure: p99Seconds },
        ],
    ],
    ["cpu", "cores", "CPU of the containers of all pairs", ({ cpuCores }) => unlabelled(cpuCores)],
    ["memory", "bytes", "memory of the containers of all pairs", ({ memoryBytes }) => unlabelled(memoryBytes)],
    ["other", "cores", "CPU of their machines beside these containers", ({ otherCores }) => unlabelled(otherCores)],
];

/**
 * Several pairs at once as gauges with the labels `run_id` and `topology`, by number of pairs, and what one pair more adds
 * (slope). What is larger than can be said is `+Inf`.
 */
export const densityGauges: readonly DensityGauge[] = [
    ...figures.flatMap(([name, unit, help, of]) => [
        ...gaugesOf(name, unit, `With several pairs at once: ${help}`, ({ steps }) =>
            steps.flatMap((step) => of(step).map((one) => ({ ...one, labels: { pairs: step.pairs, ...one.labels } }))),
        ),
        ...gaugesOf(`${name}_slope`, unit, `What one pair more adds: ${help}`, ({ slopes }) =>
            slopes === undefined ? [] : of(slopes),
        ),
    ]),
    ...gaugesOf("doubling", "pairs", "Number of pairs at which p99 is twice that of one pair", ({ doubling }) =>
        unlabelled(doubling),
    ),
];

function unlabelled(figure: Labelled["figure"]): Labelled[] {
    return [{ labels: {}, figure }];
}

/** The medians over injections as a gauge, and the ends of their intervals as another. */
function gaugesOf(name: string, unit: string, help: string, of: (cell: DensityCell) => Labelled[]): DensityGauge[] {
    const whole = `hopcost_density_${name}_${unit}`;
    const values =
        (valuesOf: (figure: DensityFigure) => { labels: Labels; value: number | null }[]) => (results: Results) =>
            (results.scenarios?.density ?? []).flatMap((cell) =>
                of(cell).flatMap(({ labels, figure }) =>
                    figure === undefined || isUnavailable(figure)
                        ? []
                        : valuesOf(figure).map((one) => ({
                              labels: { run_id: results.runId, topology: cell.topology, ...labels, ...one.labels },
                              value: one.value ?? Number.POSITIVE_INFINITY,
                          })),
                ),
            );
    return [
        {
            name: whole,
            help: `${help}; median over injections`,
            of: values(({ median }) => [{ labels: {}, value: median }]),
        },
        {
            name: `hopcost_density_${name}_bound_${unit}`,
            help: `End of the 95% interval of ${whole}`,
            of: values(({ interval = [] }) => interval.map(boundOf)),
        },
    ];
}
