import { area, line } from "d3-shape";
import type { Element } from "hast";
import { s } from "hastscript";
import { familyOf, isMain, mainArms } from "../../model/arms.ts";
import { mainSizes } from "../../model/plan.ts";
import type { Cell, Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { withoutIntervals } from "../../statistics/compare-figures.ts";
import { formatSeconds } from "../words/units.ts";
import { armClass, markerOf, styleOf } from "./arm-style.ts";
import {
    areaOf,
    axisTitle,
    round,
    type Scale,
    sizeAxis,
    sizeScale,
    tickSeconds,
    valueAxis,
    valueScale,
} from "./axes.ts";
import { crossoverMark, crossoverWords } from "./crossover-mark.ts";
import { intervalMark } from "./interval-mark.ts";
import { armSample, boxSample, legend } from "./legend.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { mostAblationPoints, mostPoints, thinned } from "./thin.ts";

/** A cell that has a median. */
export type Known = Cell & { p50Seconds: number };
interface Scales {
    x: Scale;
    y: Scale;
}

/** Latency by payload size, both logarithmic: p50 with its interval, and a band up to p99 for each main arm. */
export function latencyPlot(results: Results): Plot {
    const cells = knownOf(results);
    const main = cells.filter(({ arm }) => isMain(arm));
    return {
        name: "latency",
        title: "Latency by payload size",
        description: [...Object.values(mainArms).map((arm) => described(arm, main)), crossoverWords(results.crossover)]
            .filter((sentence) => sentence !== "")
            .join(" "),
        notes: notesOf(results, main),
        draw: main.length === 0 ? undefined : (shape) => drawLatency(shape, cells, results.crossover),
    };
}

/** The ablation arms that have a line in the plot, which a reader can switch on. */
export function ablationsOf(results: Pick<Results, "cells">): string[] {
    return [...new Set(knownOf(results).map(({ arm }) => arm))].filter((arm) => !isMain(arm));
}

/** Cells with a median; without the harness floor, which is a thousand times lower and would flatten all others. */
function knownOf({ cells }: Pick<Results, "cells">): Known[] {
    return cells.filter((cell): cell is Known => (cell.p50Seconds ?? 0) > 0 && familyOf(cell.arm) !== "floor");
}

function described(arm: string, cells: readonly Known[]): string {
    const ofArm = cells.filter((cell) => cell.arm === arm);
    const [first, last] = [ofArm[0], ofArm.at(-1)];
    if (first === undefined || last === undefined) return `${arm} has no median.`;
    const at = ({ size, p50Seconds }: Known) => `${formatSeconds(p50Seconds)} at ${formatSize(size)}`;
    return `The median of ${arm} is ${first === last ? at(first) : `${at(first)} and ${at(last)}`}.`;
}

function notesOf({ plan }: Results, main: readonly Known[]): string[] {
    const notes = Object.values(mainArms).flatMap((arm) => {
        const has = new Set(main.filter((cell) => cell.arm === arm).map(({ size }) => size));
        const lacking = mainSizes(plan).filter((size) => !has.has(size));
        if (lacking.length === 0) return [];
        const where = has.size === 0 ? "any size" : lacking.map(formatSize).join(", ");
        return [`${arm} has no median at ${where}: not measured, or too few round trips.`];
    });
    if (main.length > 0 && main.every(({ p50IntervalSeconds }) => p50IntervalSeconds === undefined)) {
        notes.push(`No CIs of p50: a single trial, or ${withoutIntervals}.`);
    }
    const noTail = main.filter(({ p99Seconds }) => p99Seconds === undefined).length;
    if (noTail === 0) return notes;
    return [...notes, `No band at ${noTail} of ${main.length} points: too few round trips for a p99.`];
}

function drawLatency(shape: Shape, cells: readonly Known[], crossover: Results["crossover"]): Drawing {
    const main = cells.filter(({ arm }) => isMain(arm));
    const items = [
        ...Object.values(mainArms).map((arm) => ({ label: arm, sample: armSample(arm) })),
        ...(main.some(({ p50IntervalSeconds }) => p50IntervalSeconds !== undefined)
            ? [{ label: "95% CI of p50", sample: [intervalMark(13, -7, 7)] }]
            : []),
        ...(main.some(({ p99Seconds }) => p99Seconds !== undefined)
            ? [{ label: "p50 to p99", sample: boxSample("band", "network") }]
            : []),
    ];
    const top = legend(items, shape, 0);
    const inner = areaOf(shape, top.height + 42, shape.name === "wide" ? 330 : 250);
    const values = cells.flatMap(({ p50Seconds, p99Seconds, p50IntervalSeconds, arm }) =>
        isMain(arm) ? [p50Seconds, p99Seconds ?? p50Seconds, ...(p50IntervalSeconds ?? [])] : [p50Seconds],
    );
    const sizes = cells.map(({ size }) => size);
    const scales = {
        x: sizeScale(sizes, inner),
        y: valueScale(
            values.filter((value) => value > 0),
            inner,
        ),
    };
    const arms = [...Map.groupBy(cells, ({ arm }) => arm)];
    const [mains, ablations] = [arms.filter(([arm]) => isMain(arm)), arms.filter(([arm]) => !isMain(arm))];
    return {
        height: inner.bottom + 46,
        children: [
            ...top.children,
            s("text", { className: "axis-title", x: 4, y: inner.top - 28 }, "time of a round trip"),
            ...sizeAxis(scales.x, inner, shape),
            ...valueAxis(scales.y, inner, tickSeconds),
            axisTitle(inner, "payload size"),
            ...crossoverMark(crossover, scales.x, inner, shape),
            ...mains.map(([arm, ofArm]) => bandOf(arm, ofArm, scales)),
            ...ablations.map(([arm, ofArm]) => seriesOf(arm, ofArm, scales)),
            ...mains.map(([arm, ofArm]) => seriesOf(arm, ofArm, scales)),
        ],
    };
}

function bandOf(arm: string, cells: readonly Known[], { x, y }: Scales): Element {
    const path = area<Known>()
        .defined(({ p99Seconds }) => p99Seconds !== undefined)
        .x(({ size }) => x(size))
        .y0(({ p50Seconds }) => y(p50Seconds))
        .y1(({ p50Seconds, p99Seconds }) => y(p99Seconds ?? p50Seconds))
        .digits(1);
    return s("path", { className: ["band", styleOf(arm).colour], d: path(cells) ?? "" });
}

function seriesOf(arm: string, cells: readonly Known[], scales: Scales): Element {
    const { x, y } = scales;
    const path = line<Known>()
        .x(({ size }) => x(size))
        .y(({ p50Seconds }) => y(p50Seconds))
        .digits(1);
    const { colour, dash } = styleOf(arm);
    const kind = isMain(arm) ? "main" : "ablation";
    return s("g", { className: ["series", kind, colour, armClass(arm)] }, [
        s("path", { className: "line", d: path(cells) ?? "", strokeDasharray: dash }),
        ...thinned(cells, isMain(arm) ? mostPoints : mostAblationPoints).flatMap((cell) => [
            ...(isMain(arm) ? intervalOf(cell, scales) : []),
            pointOf(cell, scales),
        ]),
    ]);
}

function pointOf({ arm, size, p50Seconds, p50IntervalSeconds, p99Seconds }: Known, { x, y }: Scales): Element {
    const interval = p50IntervalSeconds?.map(formatSeconds).join(" to ");
    const words = [
        `${arm}, ${formatSize(size)}: p50 ${formatSeconds(p50Seconds)}`,
        ...(interval === undefined ? [] : [`95% CI: ${interval}`]),
        ...(p99Seconds === undefined ? [] : [`p99 ${formatSeconds(p99Seconds)}`]),
    ].join(", ");
    const at = `translate(${round(x(size))},${round(y(p50Seconds))})`;
    const data = { dataArm: arm, dataSize: size, dataSeconds: p50Seconds };
    return s("path", { className: "point", d: markerOf(arm, isMain(arm) ? 44 : 36), transform: at, ...data }, [
        s("title", words),
    ]);
}

function intervalOf({ size, p50IntervalSeconds }: Known, { x, y }: Scales): Element[] {
    if (p50IntervalSeconds === undefined) return [];
    const [low, high] = p50IntervalSeconds;
    const lowest = y.domain()[0] as number; // with few trials an interval can reach below 0, which a logarithmic axis can't show
    return [intervalMark(round(x(size)), round(y(high)), round(y(Math.max(low, lowest))))];
}
