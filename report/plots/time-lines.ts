import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Element } from "hast";
import { s } from "hastscript";
import { outcomes } from "../../model/outcomes.ts";
import type { Results } from "../../model/results.ts";
import {
    type Bins,
    binSeconds,
    type InjectionEvent,
    type ScenarioCell,
    type ScenarioResults,
    sham,
} from "../../model/scenarios.ts";
import { lengthOf } from "../../statistics/bins.ts";
import { durationWithInterval } from "../words/durations.ts";
import { grouped } from "../words/scenario-words.ts";
import { plural } from "../words/sentences.ts";
import { styleOf } from "./arm-style.ts";
import { type Area, areaOf, axisTitle, round, type Scale, tickSeconds, valueAxis, valueScale } from "./axes.ts";
import { eventLane, mostListed } from "./event-lane.ts";
import { boxSample, legend } from "./legend.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { layerPath, stepsOf, zeroOf } from "./steps.ts";
import { groupedEvenly } from "./thin.ts";
import { shareAxis, timeAxis } from "./time-axis.ts";
import { armOf, topologyTitle } from "./topology-style.ts";

/** Steps of the outcomes, and points of a latency line, that a reader can distinguish. */
const mostSteps = { wide: 240, narrow: 120 } as const;
const mostLatencies = { wide: 120, narrow: 60 } as const;
/** Heights in pixels: of the shares, of the latencies, and of the gaps above them. */
const [sharesHeight, latencyHeight, titleHeight, gap] = [104, 72, 26, 20];

/** One topology of a scenario. */
interface Panel {
    cell: ScenarioCell;
    events: readonly InjectionEvent[];
}

/** What all panels of a plot share. */
interface Scales {
    x: (seconds: number) => number;
    /** Whole range of the time, in seconds. */
    range: [number, number];
    /** Latencies in seconds; undefined without any. */
    latencies: readonly number[];
    shown: readonly string[];
}

/** The time lines of each scenario, in the order of the results. */
export function timeLinePlots({ scenarios }: Pick<Results, "scenarios">): Plot[] {
    if (scenarios === undefined) return [];
    const names = [...new Set(scenarios.cells.map(({ scenario }) => scenario))];
    return names.filter((name) => name !== sham).map((name) => timeLinePlot(scenarios, name));
}

/** Name of the plot of a scenario; also that of its file. */
export function timeLineName(scenario: string): `time-line-${string}` {
    return `time-line-${scenario.replaceAll("/", "-")}`;
}

/**
 * What became of the messages before, during and after the injection, for both topologies one above the other: shares of
 * outcomes, latency, events. The flow is `once`, or else the first that the scenario has.
 */
function timeLinePlot({ cells, events }: ScenarioResults, scenario: string): Plot {
    const ofScenario = cells.filter((cell) => cell.scenario === scenario);
    const flow = ofScenario.some((cell) => cell.flow === "once") ? "once" : (ofScenario[0]?.flow ?? "once");
    const panels = ofScenario
        .filter((cell) => cell.flow === flow)
        .map((cell): Panel => {
            const own = events.find((one) => one.scenario === scenario && one.topology === cell.topology);
            return { cell, events: own?.events ?? [] };
        });
    const drawn = panels.filter(({ cell }) => lengthOf(cell.bins) > 0);
    return {
        name: timeLineName(scenario),
        title: `${scenario}: what became of the messages`,
        description: panels.map((panel) => described(panel)).join(" "),
        notes:
            drawn.length === 0
                ? ["No time line: the stack output leaves it out; use the run's folder."]
                : [
                      `Flow ${flow}; 0 s is the injection. Shares are over all injections, latencies medians over injections, events those of the first injection.`,
                      ...unlisted(drawn),
                  ],
        draw: drawn.length === 0 ? undefined : (shape) => drawTimeLines(shape, drawn),
    };
}

function unlisted(panels: readonly Panel[]): string[] {
    const [from, to] = rangeOf(panels);
    return panels.flatMap(({ cell, events }) => {
        const listed = Math.min(mostListed, within(events, from, to).length);
        if (listed === events.length) return [];
        return [`${listed} of ${plural(events.length, "event")} of ${cell.topology} are listed.`];
    });
}

function described({ cell }: Panel): string {
    const { topology, flow, injections, outage, recovery, watchedSeconds, slots, outcomes: counts } = cell;
    const messages = outcomes
        .filter((outcome) => counts[outcome] > 0)
        .map((outcome) => `${grouped(counts[outcome])} ${outcome}`);
    return `${topologyTitle(topology)}, ${plural(injections, "injection")}, flow ${flow}: outage ${durationWithInterval(outage, watchedSeconds)}, recovery ${durationWithInterval(recovery, watchedSeconds)}; of ${grouped(slots)} messages ${messages.join(", ")}.`;
}

function drawTimeLines(shape: Shape, panels: readonly Panel[]): Drawing {
    const shown = shownOutcomes(panels);
    const range = rangeOf(panels);
    const latencies = panels.flatMap(({ cell }) => [
        ...secondsOf(cell.bins.p50Microseconds),
        ...secondsOf(cell.bins.p99Microseconds),
    ]);
    const area = areaOf(shape, 0, 0);
    const scales: Scales = { x: scaleLinear(range, [area.left, area.right]), range, latencies, shown };
    const items = [
        ...shown.map((outcome) => ({ label: outcome, sample: boxSample("outcome", outcomeClass(outcome)) })),
        ...(latencies.length === 0
            ? []
            : [
                  { label: "p50 latency", sample: [s("path", { className: ["line", "neutral"], d: "M0,0H26" })] },
                  {
                      label: "p99 latency",
                      sample: [s("path", { className: ["line", "neutral"], d: "M0,0H26", strokeDasharray: "5 3" })],
                  },
              ]),
    ];
    const top = legend(items, shape, 0);
    let height = top.height;
    const children = panels.flatMap((panel) => {
        const drawing = drawPanel(panel, shape, height, scales);
        height += drawing.height;
        return drawing.children;
    });
    return { height, children: [...top.children, ...children] };
}

function drawPanel({ cell, events }: Panel, shape: Shape, top: number, scales: Scales): Drawing {
    const { topology, injections, bins } = cell;
    const shares = areaOf(shape, top + titleHeight, sharesHeight);
    const hasLatency = scales.latencies.length > 0;
    const latency = areaOf(shape, shares.bottom + gap, hasLatency ? latencyHeight : 0);
    const bottom = hasLatency ? latency.bottom : shares.bottom;
    const lane = eventLane(within(events, ...scales.range), {
        ...{ shape, left: shares.left, right: shares.right, top: bottom + 46, x: scales.x },
    });
    const middle = (value: number) => ({ left: shares.left, right: shares.right, top: shares.top, bottom: value });
    return {
        height: bottom + 46 + lane.height + gap - top,
        children: [
            s("text", { className: "panel-title", x: 4, y: top + 16 }, `${topologyTitle(topology)}, n = ${injections}`),
            ...timeAxis(scales.x, scales.range, middle(bottom), shape),
            ...shareAxis(shares),
            ...layers(bins, shape, shares, scales, topology),
            ...(hasLatency ? latencyLines(cell, shape, latency, scales) : []),
            s("path", { className: "injected", d: `M${round(scales.x(0))},${shares.top - 4}V${bottom}` }),
            axisTitle(middle(bottom), "time after the injection"),
            ...lane.children,
        ],
    };
}

function layers(bins: Bins, shape: Shape, { top, bottom }: Area, { x, shown }: Scales, topology: string): Element[] {
    const steps = stepsOf(bins, shown, mostSteps[shape.name]);
    const y = scaleLinear([0, 1], [bottom, top]);
    return shown.flatMap((outcome, layer) =>
        steps.every(({ shares }) => shares[layer] === 0)
            ? []
            : [
                  s(
                      "path",
                      {
                          className: ["outcome", outcomeClass(outcome)],
                          d: layerPath(steps, layer, x, y),
                          dataOutcome: outcome,
                          dataTopology: topology,
                      },
                      [s("title", `${topology}: ${outcome}`)],
                  ),
              ],
    );
}

/** p50 and p99 over time: of several bins the median p50 and the largest p99. */
function latencyLines({ topology, bins }: ScenarioCell, shape: Shape, area: Area, { x, latencies }: Scales): Element[] {
    const y = valueScale(latencies, area);
    const path = line<{ at: number; seconds: number | undefined }>()
        .defined(({ seconds }) => seconds !== undefined)
        .x(({ at }) => x(at))
        .y(({ seconds }) => y(seconds ?? 1))
        .digits(1);
    const points = (figure: "p50Microseconds" | "p99Microseconds") => {
        const indexed = bins[figure].map((value, index) => ({ value, index }));
        return groupedEvenly(indexed, mostLatencies[shape.name], zeroOf(bins)).map((group) => {
            const known = secondsOf(group.map(({ value }) => value)).sort((one, other) => one - other);
            const middle = ((group[0]?.index ?? 0) + group.length / 2) * binSeconds;
            const at = bins.fromSeconds + middle;
            return { at, seconds: figure === "p50Microseconds" ? known[known.length >> 1] : known.at(-1) };
        });
    };
    return [
        ...latencyAxis(y, area),
        s("g", { className: styleOf(armOf(topology)).colour }, [
            s("path", {
                className: ["line", "tail"],
                d: path(points("p99Microseconds")) ?? "",
                strokeDasharray: "5 3",
            }),
            s("path", { className: "line", d: path(points("p50Microseconds")) ?? "" }),
        ]),
    ];
}

/** At most every second label, as the area is low. */
function latencyAxis(y: Scale, area: Area): Element[] {
    const ticks = valueAxis(y, area, tickSeconds);
    const step = Math.max(1, Math.ceil(ticks.length / 4));
    return ticks.filter((_, index) => index % step === 0);
}

/** From the first to the last bin of all panels, in seconds. */
function rangeOf(panels: readonly Panel[]): [number, number] {
    const all = panels.map(({ cell }) => cell.bins);
    const from = Math.min(0, ...all.map(({ fromSeconds }) => fromSeconds));
    return [from, Math.max(1, ...all.map((bins) => bins.fromSeconds + lengthOf(bins) * binSeconds))];
}

function within(events: readonly InjectionEvent[], from: number, to: number): InjectionEvent[] {
    return events.filter(({ atSeconds }) => atSeconds >= from && atSeconds <= to);
}

/** In the usual order, the quiet one at the bottom; names of another version last. */
function shownOutcomes(panels: readonly Panel[]): string[] {
    const present = new Set(panels.flatMap(({ cell }) => Object.keys(cell.bins.outcomes)));
    const known: readonly string[] = outcomes;
    return [
        ...known.filter((name) => present.has(name)),
        ...[...present].filter((name) => !known.includes(name)).sort(),
    ];
}

function outcomeClass(outcome: string): string {
    return (outcomes as readonly string[]).includes(outcome) ? `outcome-${outcome}` : "other-outcome";
}

function secondsOf(microseconds: readonly (number | null)[]): number[] {
    return microseconds.flatMap((value) => (value === null || value <= 0 ? [] : [value / 1e6]));
}
