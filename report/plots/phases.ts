import { scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import type { Element } from "hast";
import { s } from "hastscript";
import type { PhaseBreakdown, Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { percent, plural } from "../words/sentences.ts";
import { formatSeconds } from "../words/units.ts";
import { round } from "./axes.ts";
import { legend } from "./legend.ts";
import { partColours } from "./palette.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { thinned } from "./thin.ts";

/** Maximum bars per arm. */
const mostBars = 16;
const barHeight = 20;
const barGap = 6;

interface Place {
    shape: Shape;
    top: number;
}

/** Where the time of a round trip goes: for each main arm one bar per size, with the shares of its parts. */
export function phasesPlot({ phases }: Pick<Results, "phases">): Plot {
    const byArm = [...Map.groupBy(phases, ({ arm }) => arm)];
    const leftOut = byArm.filter(([, { length }]) => length > mostBars);
    return {
        name: "phases",
        title: "Where the time of a round trip goes",
        description: byArm.map(([arm, ofArm]) => described(arm, ofArm)).join(" "),
        notes:
            phases.length === 0
                ? ["No phases: the run has no diagnostic cells (use profile standard)."]
                : leftOut.map(
                      ([arm, { length }]) =>
                          `${mostBars} of ${plural(length, "size")} of ${arm} are shown; the table has all.`,
                  ),
        draw: phases.length === 0 ? undefined : (shape) => drawPhases(shape, byArm),
    };
}

function described(arm: string, breakdowns: readonly PhaseBreakdown[]): string {
    const ends = [...new Set([breakdowns[0], breakdowns.at(-1)])].filter((end) => end !== undefined);
    const words = ends.map(({ size, totalSeconds, parts }) => {
        const shares = parts.map(({ name, seconds }) => `${name} ${percent(seconds / totalSeconds)}`).join(", ");
        return `at ${formatSize(size)} ${formatSeconds(totalSeconds)}: ${shares}`;
    });
    return `${arm} ${words.join("; ")}.`;
}

function drawPhases(shape: Shape, byArm: readonly [string, PhaseBreakdown[]][]): Drawing {
    let top = 0;
    const children = byArm.flatMap(([arm, breakdowns]) => {
        const panel = panelOf(arm, breakdowns, { shape, top });
        top += panel.height;
        return panel.children;
    });
    return { height: top, children };
}

function panelOf(arm: string, breakdowns: readonly PhaseBreakdown[], { shape, top }: Place): Drawing {
    const names = [...new Set(breakdowns.flatMap(({ parts }) => parts.map(({ name }) => name)))];
    const items = names.map((name, index) => ({ label: name, sample: partSample(index) }));
    const explained = legend(items, shape, top + 24);
    const bars = thinned(breakdowns, mostBars);
    const first = top + 24 + explained.height;
    return {
        height: 24 + explained.height + bars.length * (barHeight + barGap) + 18,
        children: [
            s("text", { className: "panel-title", x: 4, y: top + 16 }, arm),
            ...explained.children,
            ...bars.flatMap((bar, index) => barOf(bar, names, { shape, top: first + index * (barHeight + barGap) })),
        ],
    };
}

/** The size, the parts with their numbers if there is room, and the total time. */
function barOf(breakdown: PhaseBreakdown, names: readonly string[], { shape, top }: Place): Element[] {
    const { arm, size, totalSeconds, parts } = breakdown;
    const secondsOf = (name: string) => parts.find((part) => part.name === name)?.seconds ?? 0;
    const x = scaleLinear([0, names.reduce((sum, name) => sum + secondsOf(name), 0) || 1], [64, shape.width - 72]);
    const layers = stack<PhaseBreakdown, string>()
        .keys(names)
        .value((_, name) => secondsOf(name))([breakdown]);
    const middle = { y: top + barHeight / 2, dy: "0.32em" };
    return [
        s("text", { className: "bar-label", x: 56, ...middle, textAnchor: "end" }, formatSize(size)),
        ...layers.map((layer, index) => {
            const [from, to] = layer[0] as unknown as [number, number];
            const width = x(to) - x(from);
            const data = { dataArm: arm, dataSize: size, dataSeconds: to - from };
            const words = `${arm}, ${formatSize(size)}: ${layer.key} ${formatSeconds(to - from)} (${percent((to - from) / totalSeconds)})`;
            return s("g", { className: ["part", partClass(index)] }, [
                s("rect", { x: round(x(from)), y: top, width: round(width), height: barHeight, ...data }, [
                    s("title", words),
                ]),
                ...(width < 14
                    ? []
                    : [s("text", { x: round(x(from) + width / 2), ...middle, textAnchor: "middle" }, `${index + 1}`)]),
            ]);
        }),
        s("text", { className: "bar-label", x: shape.width - 64, ...middle }, formatSeconds(totalSeconds)),
    ];
}

function partSample(index: number): Element[] {
    return [
        s("g", { className: ["part", partClass(index)] }, [
            s("rect", { x: 4, y: -8, width: 22, height: 16 }),
            s("text", { x: 15, dy: "0.32em", textAnchor: "middle" }, `${index + 1}`),
        ]),
    ];
}

function partClass(index: number): string {
    return `part-${(index % partColours) + 1}`;
}
