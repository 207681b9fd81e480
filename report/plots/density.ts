import { type ScaleLinear, scaleLinear } from "d3-scale";
import { area as areaShape, line } from "d3-shape";
import type { Element } from "hast";
import { s } from "hastscript";
import type { DensityCell } from "../../model/density.ts";
import type { Results } from "../../model/results.ts";
import { bandOf, type Point } from "../../statistics/density.ts";
import { enoughInjections } from "../../statistics/outage-verdict.ts";
import { summarizeDensity } from "../findings/density-summary.ts";
import { markerOf, styleOf } from "./arm-style.ts";
import { type Area, areaOf, axisTitle, round, tickSeconds } from "./axes.ts";
import { legend } from "./legend.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { armOf, topologyTitle } from "./topology-style.ts";

type Scale = ScaleLinear<number, number>;
type Figure = "p50Seconds" | "p99Seconds";

const panels = [
    { figure: "p50Seconds", title: "p50" },
    { figure: "p99Seconds", title: "p99" },
] as const satisfies { figure: Figure; title: string }[];
/** Height of a panel, and the room above and below it, in pixels. */
const [panelHeight, roomAbove, roomBelow] = [200, 34, 52];
/** How far the topologies are apart at the same number of pairs, in pixels. */
const apart = 7;
/** An arrow instead of a marker: larger than any. */
const arrow = "M-4.5,4L0,-5L4.5,4Z";

/** p50 and p99 of every injection over the number of pairs at once, with the line through them and its 95% interval. */
export function densityPlot({ scenarios }: Pick<Results, "scenarios">): Plot {
    const cells = scenarios?.density ?? [];
    const drawn = cells.filter(({ points }) => points.length > 0);
    return {
        name: "density",
        title: "Several pairs at once: latency over their number",
        description: cells.length === 0 ? "" : summarizeDensity(cells),
        notes: [
            ...(drawn.length > 0
                ? []
                : ["No single injections: the stack output leaves them out; use the run's folder."]),
            ...(drawn.some((cell) => !isEnough(cell)) ? ["No intervals: they need 6 injections of a topology."] : []),
        ],
        draw: drawn.length === 0 ? undefined : (shape) => drawDensity(shape, drawn),
    };
}

function isEnough({ injections }: DensityCell): boolean {
    return injections >= enoughInjections;
}

function drawDensity(shape: Shape, cells: readonly DensityCell[]): Drawing {
    const hasBand = cells.some(isEnough);
    const items = [
        ...cells.map(({ topology }) => ({
            label: topologyTitle(topology),
            sample: [s("g", { className: styleOf(armOf(topology)).colour }, [markAt(topology, 13, 0)])],
        })),
        {
            label: hasBand ? "Theil-Sen line, 95% CI" : "Theil-Sen line",
            sample: [
                s("g", { className: "neutral" }, [
                    ...(hasBand ? [s("path", { className: "band", d: "M0,-5H26V5H0Z" })] : []),
                    s("path", { className: "line", d: "M0,0H26" }),
                ]),
            ],
        },
    ];
    const top = legend(items, shape, 0);
    const areas = areasOf(shape, top.height);
    return {
        height: Math.max(...areas.map(({ bottom }) => bottom)) + roomBelow,
        children: [...top.children, ...panels.flatMap((panel, index) => drawPanel(panel, cells, areas[index] as Area))],
    };
}

/** Side by side, on a phone one below the other. */
function areasOf(shape: Shape, top: number): Area[] {
    if (shape.name === "narrow")
        return panels.map((_, index) =>
            areaOf(shape, top + roomAbove + index * (panelHeight + roomAbove + roomBelow), panelHeight),
        );
    const whole = areaOf(shape, top + roomAbove, panelHeight);
    const width = (whole.right - whole.left - whole.left) / 2;
    return [
        { ...whole, right: whole.left + width },
        { ...whole, left: whole.right - width },
    ];
}

function drawPanel({ figure, title }: (typeof panels)[number], cells: readonly DensityCell[], area: Area): Element[] {
    const numbers = [...new Set(cells.flatMap(({ steps }) => steps.map(({ pairs }) => pairs)))];
    const most = Math.max(...numbers);
    const values = cells.flatMap(({ points }) => points.flatMap((point) => point[figure] ?? []));
    const x = scaleLinear([0, most], [area.left, area.right - 12]);
    const y = scaleLinear([0, Math.max(...values, 1e-6)], [area.bottom, area.top]).nice(4);
    return [
        s("text", { className: "panel-title", x: area.left, y: area.top - 12 }, title),
        ...numbers.map((pairs) =>
            s("g", { className: ["tick", "x"], dataValue: pairs, transform: `translate(${round(x(pairs))},0)` }, [
                s("line", { y1: area.top, y2: area.bottom }),
                s("text", { y: area.bottom + 18, textAnchor: "middle" }, String(pairs)),
            ]),
        ),
        ...y
            .ticks(4)
            .map((seconds) =>
                s(
                    "g",
                    { className: ["tick", "y"], dataValue: seconds, transform: `translate(0,${round(y(seconds))})` },
                    [
                        s("line", { x1: area.left, x2: area.right }),
                        s(
                            "text",
                            { x: area.left - 8, dy: "0.32em", textAnchor: "end" },
                            seconds === 0 ? "0" : tickSeconds(seconds),
                        ),
                    ],
                ),
            ),
        axisTitle(area, "pairs at once"),
        ...cells.map((cell, index) =>
            drawTopology(cell, figure, { x, y, area, shift: (index - (cells.length - 1) / 2) * apart }),
        ),
    ];
}

function drawTopology(
    { topology, points, steps }: DensityCell,
    figure: Figure,
    { x, y, area, shift }: { x: Scale; y: Scale; area: Area; shift: number },
): Element {
    const injections = [...Map.groupBy(points, ({ injection }) => injection).values()].map((ofOne) =>
        ofOne.map((point): Point => ({ pairs: point.pairs, value: point[figure] ?? Number.POSITIVE_INFINITY })),
    );
    const band = bandOf(
        injections,
        steps.map(({ pairs }) => pairs),
    );
    const within = (seconds: number) => Math.min(area.bottom, Math.max(area.top, round(y(seconds))));
    const path = line<(typeof band)[number]>(
        ({ pairs }) => round(x(pairs)),
        ({ value }) => within(value),
    );
    const range = areaShape<(typeof band)[number]>(
        ({ pairs }) => round(x(pairs)),
        ({ interval, value }) => within(interval?.[0] ?? value),
        ({ interval, value }) => within(interval?.[1] ?? value),
    );
    const hasBand = band.every(({ interval }) => interval !== undefined);
    return s("g", { className: styleOf(armOf(topology)).colour, dataTopology: topology }, [
        ...(hasBand && band.length > 0 ? [s("path", { className: "band", d: range(band) ?? "" })] : []),
        ...(band.length > 0 ? [s("path", { className: "line", d: path(band) ?? "" })] : []),
        ...points.map((point) => {
            const seconds = point[figure];
            const at = [round(x(point.pairs) + shift), seconds === null ? area.top : round(y(seconds))] as const;
            return markAt(topology, ...at, {
                isCensored: seconds === null,
                data: { dataFigure: figure, dataPairs: point.pairs, dataSeconds: seconds ?? "censored" },
            });
        }),
    ]);
}

function markAt(
    topology: string,
    x: number,
    y: number,
    { isCensored = false, data = {} }: { isCensored?: boolean; data?: Record<string, string | number> } = {},
): Element {
    const d = isCensored ? arrow : markerOf(armOf(topology), 34);
    return s("path", { className: "single", d, transform: `translate(${x},${y})`, ...data });
}
