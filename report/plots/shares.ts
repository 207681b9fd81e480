import { scaleLinear } from "d3-scale";
import type { Element } from "hast";
import { s } from "hastscript";
import type { Results } from "../../model/results.ts";
import { type ShareCell, shareBinSeconds } from "../../model/shares.ts";
import { durationWithInterval } from "../words/durations.ts";
import { plural } from "../words/sentences.ts";
import { shareWithInterval } from "../words/shares.ts";
import { type Area, areaOf, axisTitle, round } from "./axes.ts";
import { boxSample, legend } from "./legend.ts";
import { partColours } from "./palette.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { layerPath, type Step } from "./steps.ts";
import { shareAxis, timeAxis } from "./time-axis.ts";
import { topologyTitle } from "./topology-style.ts";

/** Heights in pixels: of the shares, of the title above, and of the labels below. */
const [sharesHeight, titleHeight, labelsHeight] = [64, 26, 30];

/** How the messages of each scenario with several replicas were shared, in the order of the results. */
export function sharePlots({ scenarios }: Pick<Results, "scenarios">): Plot[] {
    const groups = Map.groupBy(scenarios?.shares ?? [], ({ scenario }) => scenario);
    return [...groups].map(([scenario, cells]) => sharePlot(scenario, cells));
}

/** Which replica received the messages over time: a panel for each topology and flow. */
function sharePlot(scenario: string, cells: readonly ShareCell[]): Plot {
    const drawn = cells.filter(({ arrivals }) => Object.keys(arrivals).length > 0);
    return {
        name: `shares-${scenario.replaceAll("/", "-")}`,
        title: `${scenario}: which replica receives the messages`,
        description: cells.map(described).join(" "),
        notes: [
            drawn.length === 0
                ? "No shares over time: the stack output leaves them out; use the run's folder."
                : "Of the first injection of each topology; 0 s is the injection. Replicas are numbered as they became ready.",
        ],
        draw: drawn.length === 0 ? undefined : (shape) => drawShares(shape, drawn),
    };
}

function described({ topology, flow, injections, replicas, busiest, untilShare, watchedSeconds }: ShareCell): string {
    const wait =
        untilShare === undefined
            ? ""
            : `, a new one has its share after ${durationWithInterval(untilShare, watchedSeconds)}`;
    return `${topologyTitle(topology)}, flow ${flow}, ${plural(injections, "injection")}: of ${plural(replicas, "replica")} the busiest receives ${shareWithInterval(busiest)}${wait}.`;
}

function drawShares(shape: Shape, cells: readonly ShareCell[]): Drawing {
    const replicas = [...new Set(cells.flatMap(({ arrivals }) => Object.keys(arrivals)))];
    const items = replicas.map((replica, index) => ({
        label: `replica ${replica}`,
        sample: boxSample("outcome", partClass(index)),
    }));
    const ends = cells.flatMap(({ fromSeconds, arrivals }) => [
        fromSeconds,
        fromSeconds + Math.max(...Object.values(arrivals).map(({ length }) => length)) * shareBinSeconds,
    ]);
    const range: [number, number] = [Math.min(...ends), Math.max(...ends)];
    const top = legend(items, shape, 0);
    let height = top.height;
    const children = cells.flatMap((cell) => {
        const panel = drawPanel(cell, { shape, top: height, range, replicas });
        height += panel.height;
        return panel.children;
    });
    const below = areaOf(shape, height - labelsHeight, 0);
    return {
        height: height + labelsHeight,
        children: [...top.children, ...children, axisTitle(below, "time after the injection")],
    };
}

function drawPanel(
    cell: ShareCell,
    where: { shape: Shape; top: number; range: [number, number]; replicas: readonly string[] },
): Drawing {
    const { shape, top, range } = where;
    const area = areaOf(shape, top + titleHeight, sharesHeight);
    const x = scaleLinear(range, [area.left, area.right]);
    const title = `${topologyTitle(cell.topology)}, flow ${cell.flow}`;
    return {
        height: titleHeight + sharesHeight + labelsHeight,
        children: [
            s("text", { className: "panel-title", x: 4, y: top + 16 }, title),
            ...timeAxis(x, range, area, shape),
            ...shareAxis(area),
            ...layers(cell, where.replicas, area, x),
            s("path", { className: "injected", d: `M${round(x(0))},${area.top - 4}V${area.bottom}` }),
        ],
    };
}

function layers(
    { topology, flow, fromSeconds, arrivals }: ShareCell,
    replicas: readonly string[],
    { top, bottom }: Area,
    x: (seconds: number) => number,
): Element[] {
    const y = scaleLinear([0, 1], [bottom, top]);
    const bins = Math.max(...Object.values(arrivals).map(({ length }) => length));
    const steps = Array.from({ length: bins }, (_, bin): Step => {
        const counts = replicas.map((replica) => arrivals[replica]?.[bin] ?? 0);
        const all = counts.reduce((sum, count) => sum + count, 0);
        const from = fromSeconds + bin * shareBinSeconds;
        return { from, to: from + shareBinSeconds, shares: counts.map((count) => (all === 0 ? 0 : count / all)) };
    });
    return replicas.flatMap((replica, layer) =>
        steps.every(({ shares }) => shares[layer] === 0)
            ? []
            : [
                  s(
                      "path",
                      {
                          className: ["outcome", partClass(layer)],
                          d: layerPath(steps, layer, x, y),
                          dataReplica: replica,
                          dataTopology: topology,
                          dataFlow: flow,
                      },
                      [s("title", `${topology}, ${flow}: replica ${replica}`)],
                  ),
              ],
    );
}

function partClass(index: number): string {
    return `part-${(index % partColours) + 1}`;
}
