import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Element } from "hast";
import { s } from "hastscript";
import { mainArms } from "../../model/arms.ts";
import type { Reading } from "../../model/reading.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Cell, Results } from "../../model/results.ts";
import { formatAbout, formatSize } from "../../model/sizes.ts";
import { type MainContainer, mainContainers, usedBy } from "../findings/main-containers.ts";
import { formatSeconds } from "../words/units.ts";
import { markerOf, styleOf } from "./arm-style.ts";
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
import { armSample, legend } from "./legend.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { mostPoints, thinned } from "./thin.ts";

/** CPU time of one cell, of one container or of both. */
interface Point {
    size: number;
    seconds: number;
}
interface Series {
    arm: MainContainer["arm"];
    of: "both" | MainContainer["end"];
    points: Point[];
}
interface Memory {
    container: MainContainer;
    bytes: Reading<number>;
}

const dashes = { both: "none", initiator: "7 3", responder: "2 3" } as const;
const barHeight = 20;

/** CPU time per round trip by payload size, both logarithmic, and the peak memory of each container of both main arms. */
export function costPlot({ cells }: Pick<Results, "cells">): Plot {
    const series = seriesOf(cells);
    const memory = mainContainers.map((container) => ({ container, bytes: mostMemory(cells, container) }));
    const shown = series.some(({ points }) => points.length > 0) || memory.some(({ bytes }) => !isUnavailable(bytes));
    return {
        name: "cost",
        title: "CPU time per round trip, and memory",
        description: [...series.filter(({ of }) => of === "both").flatMap(described), memoryWords(memory)].join(" "),
        notes: notesOf(cells),
        draw: shown ? (shape) => drawCost(shape, series, memory) : undefined,
    };
}

function seriesOf(cells: readonly Cell[]): Series[] {
    return Object.values(mainArms).flatMap((arm) => {
        const ofArm = cells.filter((cell) => cell.arm === arm);
        const ends = mainContainers.filter((container) => container.arm === arm);
        const points = (figure: (cell: Cell) => Reading<number>) =>
            ofArm.flatMap((cell): Point[] => {
                const seconds = figure(cell);
                return isUnavailable(seconds) || seconds <= 0 ? [] : [{ size: cell.size, seconds }];
            });
        return [
            { arm, of: "both" as const, points: points((cell) => cell.cpuSecondsPerRoundTrip) },
            ...ends.map((end) => ({ arm, of: end.end, points: points((cell) => usedBy(cell, end, "cpuSeconds")) })),
        ];
    });
}

function mostMemory(cells: readonly Cell[], container: MainContainer): Reading<number> {
    const readings = cells
        .filter(({ arm }) => arm === container.arm)
        .map((cell) => usedBy(cell, container, "memoryPeakBytes"));
    const known = readings.filter((reading): reading is number => !isUnavailable(reading));
    if (known.length > 0) return Math.max(...known);
    return readings.find(isUnavailable) ?? { unavailable: "not measured" };
}

function described({ arm, points }: Series): string[] {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [`CPU time of ${arm} is unavailable.`];
    const at = ({ size, seconds }: Point) => `${formatSeconds(seconds)} at ${formatSize(size)}`;
    return [`A round trip of ${arm} takes ${at(first)} and ${at(last)} of CPU time, both containers together.`];
}

function memoryWords(memory: readonly Memory[]): string {
    const words = memory.map(({ container, bytes }) => {
        return `${container.role} ${isUnavailable(bytes) ? `unavailable (${bytes.unavailable})` : formatAbout(bytes)}`;
    });
    return `Peak memory: ${words.join(", ")}.`;
}

/** Why cells have no CPU time: each reason once, with the sizes unless it applies to all of the arm's. */
function notesOf(cells: readonly Cell[]): string[] {
    const main = cells.filter(({ arm }) => mainContainers.some((container) => container.arm === arm));
    if (main.length === 0) return ["No cost: neither main arm was measured."];
    return Object.values(mainArms).flatMap((arm) => {
        const ofArm = main.filter((cell) => cell.arm === arm);
        const missing = ofArm.flatMap(({ size, cpuSecondsPerRoundTrip: cpu }) =>
            isUnavailable(cpu) ? [{ size, reason: cpu.unavailable }] : [],
        );
        return [...Map.groupBy(missing, ({ reason }) => reason)].map(([reason, lacking]) => {
            const where =
                lacking.length === ofArm.length ? "" : ` at ${lacking.map(({ size }) => formatSize(size)).join(", ")}`;
            return `CPU time of ${arm} is unavailable${where}: ${reason}.`;
        });
    });
}

function drawCost(shape: Shape, series: readonly Series[], memory: readonly Memory[]): Drawing {
    const cpu = drawCpu(
        shape,
        series.filter(({ points }) => points.length > 0),
    );
    const bars = drawMemory(shape, memory, cpu.height);
    return { height: cpu.height + bars.height, children: [...cpu.children, ...bars.children] };
}

function drawCpu(shape: Shape, series: readonly Series[]): Drawing {
    const points = series.flatMap((one) => one.points);
    if (points.length === 0) return { height: 0, children: [] };
    const items = [
        ...Object.values(mainArms).map((arm) => ({ label: `${arm}, both ends`, sample: armSample(arm) })),
        { label: "initiator only", sample: lineSample(dashes.initiator) },
        { label: "responder only", sample: lineSample(dashes.responder) },
    ];
    const top = legend(items, shape, 0);
    const inner = areaOf(shape, top.height + 42, shape.name === "wide" ? 280 : 230);
    const [sizes, seconds] = [points.map(({ size }) => size), points.map((point) => point.seconds)];
    const [x, y] = [sizeScale(sizes, inner), valueScale(seconds, inner)];
    return {
        height: inner.bottom + 56,
        children: [
            ...top.children,
            s("text", { className: "axis-title", x: 4, y: inner.top - 28 }, "CPU time per round trip"),
            ...sizeAxis(x, inner, shape),
            ...valueAxis(y, inner, tickSeconds),
            axisTitle(inner, "payload size"),
            ...series.map((one) => cpuLine(one, x, y)),
        ],
    };
}

function cpuLine({ arm, of, points }: Series, x: Scale, y: Scale): Element {
    const path = line<Point>()
        .x(({ size }) => x(size))
        .y(({ seconds }) => y(seconds))
        .digits(1);
    const markers = of === "both" ? thinned(points, mostPoints) : [];
    return s("g", { className: ["series", styleOf(arm).colour, of] }, [
        s("path", { className: "line", d: path(points) ?? "", strokeDasharray: dashes[of] }),
        ...markers.map(({ size, seconds }) =>
            s(
                "path",
                {
                    className: "point",
                    d: markerOf(arm, 44),
                    transform: `translate(${round(x(size))},${round(y(seconds))})`,
                    dataArm: arm,
                    dataSize: size,
                    dataSeconds: seconds,
                },
                [s("title", `${arm}, ${formatSize(size)}: ${formatSeconds(seconds)} of CPU time per round trip`)],
            ),
        ),
    ]);
}

/** A bar for each container from 0. */
function drawMemory(shape: Shape, memory: readonly Memory[], top: number): Drawing {
    const most = Math.max(1, ...memory.map(({ bytes }) => (isUnavailable(bytes) ? 0 : bytes)));
    const x = scaleLinear([0, most], [80, shape.width - 76]);
    const bars = memory.flatMap(({ container, bytes }, index) => {
        const y = top + 28 + index * (barHeight + 8);
        const middle = { y: y + barHeight / 2, dy: "0.32em" };
        const label = isUnavailable(bytes) ? "unavailable" : formatAbout(bytes);
        const end = round(x(isUnavailable(bytes) ? 0 : bytes));
        const bar = { x: x(0), y, width: round(end - x(0)), height: barHeight };
        const data = { dataArm: container.arm, dataRole: container.role };
        return [
            s("text", { className: "bar-label", x: 72, ...middle, textAnchor: "end" }, container.role),
            ...(isUnavailable(bytes)
                ? []
                : [
                      s("rect", {
                          className: ["bar", styleOf(container.arm).colour],
                          ...bar,
                          ...data,
                          dataBytes: bytes,
                      }),
                  ]),
            s("text", { className: "bar-label", x: end + 8, ...middle }, label),
        ];
    });
    return {
        height: 28 + memory.length * (barHeight + 8) + 8,
        children: [
            s("text", { className: "panel-title", x: 4, y: top + 14 }, "Peak memory of each container"),
            ...bars,
        ],
    };
}

function lineSample(dash: string): Element[] {
    return [s("path", { className: ["line", "neutral"], d: "M0,0H26", strokeDasharray: dash })];
}
