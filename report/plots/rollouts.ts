import type { Element } from "hast";
import { s } from "hastscript";
import type { Results } from "../../model/results.ts";
import {
    type MatrixCell,
    type RolloutMatrix,
    rolloutMatrices,
    rowTitle,
    variantOf,
} from "../findings/rollout-matrix.ts";
import { rolloutsTitle, type UndeliveredFigure, undeliveredParts, undeliveredWords } from "../words/rollout-words.ts";
import { round } from "./axes.ts";
import { boxSample, legend } from "./legend.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { topologyTitle } from "./topology-style.ts";

/** Colours by the median, the first whose bound is above it; `none` is only for rollouts of which no message failed. */
const heats = [
    { name: "none", below: 0, label: "none in any rollout" },
    { name: "few", below: 1, label: "median below 1" },
    { name: "ones", below: 10, label: "1 to 9" },
    { name: "tens", below: 100, label: "10 to 99" },
    { name: "hundreds", below: Number.POSITIVE_INFINITY, label: "100 or more" },
] as const;

/** Sizes in pixels. A phone has the title of a row above its cells, and the topologies one below the other. */
const layouts = {
    wide: { besideRow: 146, aboveRow: 0, cell: 42, perLine: 2 },
    narrow: { besideRow: 0, aboveRow: 20, cell: 38, perLine: 1 },
} as const;
const [columns, gap, panelGap] = [4, 3, 18];
/** Above the rows: the topology, and two lines of titles of columns. */
const headHeight = 64;

/** Where a panel is. */
interface Place {
    left: number;
    top: number;
    cellWidth: number;
}

/**
 * The messages of each rollout that never arrived, as a heat map: a panel for each topology with at least two of the variants.
 * @returns none in a run without such a topology
 */
export function rolloutsPlot({ scenarios }: Pick<Results, "scenarios">): Plot[] {
    const matrices = rolloutMatrices(scenarios);
    if (matrices.length === 0) return [];
    return [
        {
            name: "rollouts",
            title: rolloutsTitle,
            description: matrices.map(described).join(" "),
            notes: [
                "Median over rollouts with one attempt per message, below it the 95% CI. At most 3/n: none in n rollouts, so at most that share of all rollouts has any (95%). 7 in n: 7 messages in n rollouts together. n = 3: too few rollouts for an interval.",
            ],
            draw: (shape) => drawRollouts(shape, matrices),
        },
    ];
}

function described({ topology, rows }: RolloutMatrix): string {
    const measured = rows.flat().flatMap(({ scenario, figure }) => {
        return figure === undefined ? [] : [`${variantOf(scenario)} ${undeliveredWords(figure)}`];
    });
    const missing = rows.flat().length - measured.length;
    const not = missing === 0 ? "" : `; ${missing} not measured`;
    return `${topologyTitle(topology)}: ${measured.join(", ")}${not}.`;
}

function drawRollouts(shape: Shape, matrices: readonly RolloutMatrix[]): Drawing {
    const layout = layouts[shape.name];
    const all = matrices.flatMap(({ rows }) => rows.flat());
    const shown = heats.filter(({ name }) => all.some(({ figure }) => figure !== undefined && heatOf(figure) === name));
    const items = [
        ...shown.map(({ name, label }) => ({ label, sample: boxSample("heat", `heat-${name}`) })),
        ...(all.some(({ figure }) => figure === undefined)
            ? [{ label: "not measured", sample: boxSample("heat", "heat-missing") }]
            : []),
    ];
    const key = legend(items, shape, 0);
    const perLine = Math.min(layout.perLine, matrices.length);
    const panelWidth = (shape.width - layout.besideRow - (perLine - 1) * panelGap) / perLine;
    const rowHeight = layout.aboveRow + layout.cell + gap;
    const panelHeight = headHeight + Math.max(...matrices.map(({ rows }) => rows.length)) * rowHeight + panelGap;
    const top = key.height + 8;
    return {
        height: top + Math.ceil(matrices.length / perLine) * panelHeight - panelGap + 4,
        children: [
            ...key.children,
            ...matrices.flatMap((matrix, index) => {
                const column = index % perLine;
                const place: Place = {
                    left: layout.besideRow + column * (panelWidth + panelGap),
                    top: top + Math.floor(index / perLine) * panelHeight,
                    cellWidth: panelWidth / columns,
                };
                return panelOf(matrix, place, shape, column === 0);
            }),
        ],
    };
}

function panelOf({ topology, rows }: RolloutMatrix, place: Place, shape: Shape, isFirst: boolean): Element[] {
    const { besideRow, aboveRow, cell } = layouts[shape.name];
    const { left, top, cellWidth } = place;
    const middleOf = (from: number, count: number) => round(left + (from + count / 2) * cellWidth);
    const head = (words: string, from: number, count: number, y: number) =>
        s("text", { className: "axis-title", x: middleOf(from, count), y, textAnchor: "middle" }, words);
    return [
        s("text", { className: "panel-title", x: left + 1, y: top + 14 }, topologyTitle(topology)),
        head("no readiness probe", 0, 2, top + 35),
        head("readiness probe", 2, 2, top + 35),
        ...["no drain", "drain", "no drain", "drain"].map((words, column) => head(words, column, 1, top + 54)),
        ...rows.flatMap((row, index) => {
            const y = top + headHeight + index * (aboveRow + cell + gap);
            const title =
                besideRow > 0
                    ? { x: besideRow - 10, y: y + cell / 2, dy: "0.32em", textAnchor: "end" }
                    : { x: left + 1, y: y + 14 };
            return [
                ...(isFirst ? [s("text", { className: "bar-label", ...title }, rowTitle(row))] : []),
                ...row.flatMap((one, column) =>
                    cellOf(one, topology, {
                        x: round(left + column * cellWidth),
                        y: y + aboveRow,
                        width: round(cellWidth - gap),
                        height: cell,
                    }),
                ),
            ];
        }),
    ];
}

function cellOf(
    { scenario, figure }: MatrixCell,
    topology: string,
    box: { x: number; y: number; width: number; height: number },
): Element[] {
    const heat = figure === undefined ? "missing" : heatOf(figure);
    const lines = figure === undefined ? ["not", "measured"] : undeliveredParts(figure);
    const names = figure === undefined ? ["axis-title", "axis-title"] : ["heat-figure", "heat-trust"];
    const data = { dataScenario: scenario, dataTopology: topology, dataHeat: heat };
    return [
        s("rect", { className: ["heat", `heat-${heat}`], ...box, rx: 3, ...data }),
        ...lines.map((line, index) =>
            s(
                "text",
                {
                    className: names[index],
                    x: round(box.x + box.width / 2),
                    y: box.y + box.height / 2 + (index === 0 ? -4 : 13),
                    textAnchor: "middle",
                },
                line,
            ),
        ),
    ];
}

/** The colour of a figure: its name in {@link heats}. */
function heatOf({ median, total }: UndeliveredFigure): (typeof heats)[number]["name"] {
    if (total === 0) return "none";
    return heats.find(({ below }) => median < below)?.name ?? "hundreds";
}
