import { scaleLog } from "d3-scale";
import type { Element } from "hast";
import { s } from "hastscript";
import type { Results } from "../../model/results.ts";
import type { ScenarioCell } from "../../model/scenarios.ts";
import { durationText, durationWithInterval } from "../words/durations.ts";
import { plural } from "../words/sentences.ts";
import { markerOf, styleOf } from "./arm-style.ts";
import { type Area, axisTitle, durationAxis, round, type Scale } from "./axes.ts";
import { legend, textWidth } from "./legend.ts";
import { type Drawing, type Plot, type Shape, shapes } from "./plot.ts";
import { mostPoints, thinned } from "./thin.ts";
import { armOf, topologyTitle } from "./topology-style.ts";

/** The flow whose outages are shown: without retries, which can hide an outage. */
const shownFlow = "once";
/** Room left of the logarithmic scale for outages of 0, which it can't show. */
const zeroRoom = 46;
/** How far points are moved up and down, in pixels, so that equal ones don't hide each other. */
const jitter = [0, -5, 4, -2.5, 6.5, -7, 2];
/** An arrow instead of a marker: longer than watched. */
const arrow = "M-4,-4.5L5,0L-4,4.5Z";

interface Scales {
    x: Scale;
    /** Position of an outage of 0. */
    zero: number;
    /** Position of one that is longer than watched. */
    end: number;
}

/** The outage of every injection with flow `once`: a row for each scenario and topology, the time logarithmic. */
export function outagesPlot({ scenarios }: Pick<Results, "scenarios">): Plot {
    const cells = (scenarios?.cells ?? []).filter(({ flow }) => flow === shownFlow);
    const single = cells.filter(({ outages }) => outages.length > 0);
    const isThinned = single.some(({ outages }) => outages.length > mostPoints);
    return {
        name: "outages",
        title: "Outage of every injection",
        description: cells.map(described).join(" "),
        notes: [
            ...(single.length > 0
                ? []
                : [
                      "No outages of single injections: none counts, or the stack output leaves them out; use the run's folder.",
                  ]),
            ...(isThinned
                ? [`Of more than ${mostPoints} injections in a row, ${mostPoints} are shown, at equal ranks.`]
                : []),
        ],
        draw: single.length === 0 ? undefined : (shape) => drawOutages(shape, single),
    };
}

function described({ scenario, topology, outage, outages, injections, watchedSeconds }: ScenarioCell): string {
    const known = outages.filter((seconds) => seconds !== null);
    const range =
        known.length === 0
            ? ""
            : `, ${durationText(Math.min(...known), watchedSeconds)} to ${durationText(outage.censored > 0 ? null : Math.max(...known), watchedSeconds)}`;
    const never = outage.censored > 0 ? `, ${outage.censored} longer than watched` : "";
    return `${scenario}, ${topologyTitle(topology)}: median ${durationWithInterval(outage, watchedSeconds)} of ${plural(injections, "injection")}${range}${never}.`;
}

function drawOutages(shape: Shape, cells: readonly ScenarioCell[]): Drawing {
    const isWide = shape.name === "wide";
    const topologies = [...new Set(cells.map(({ topology }) => topology))];
    const items = [
        ...topologies.map((topology) => ({
            label: topologyTitle(topology),
            sample: [s("g", { className: styleOf(armOf(topology)).colour }, [pointAt(topology, 13, 0)])],
        })),
        {
            label: "longer than watched",
            sample: [
                s("g", { className: "floor" }, [
                    s("path", { className: "single", d: arrow, transform: "translate(13,0)" }),
                ]),
            ],
        },
        { label: "median, 95% CI", sample: [...rangeMark(2, 24, 0), medianMark(13, 0)] },
    ];
    const top = legend(items, shape, 0);
    const rowHeight = isWide ? 26 : 42;
    const widest = Math.max(...cells.map((cell) => textWidth(labelOf(cell), shape)));
    const left = isWide ? Math.max(250, widest + 16) : 8;
    const area: Area = {
        left,
        right: shape.width - 20,
        top: top.height + 8,
        bottom: top.height + 8 + cells.length * rowHeight,
    };
    const scales = scalesOf(cells, area);
    return {
        height: area.bottom + 46,
        children: [
            ...top.children,
            s("text", { className: "axis-title", x: scales.zero, y: area.bottom + 18, textAnchor: "middle" }, "0"),
            ...durationAxis(scales.x, area, shape),
            axisTitle(area, "outage, seconds without service"),
            ...cells.flatMap((cell, index) =>
                rowOf(cell, { scales, area, y: area.top + (index + (isWide ? 0.5 : 0.68)) * rowHeight, isWide }),
            ),
        ],
    };
}

function scalesOf(cells: readonly ScenarioCell[], { left, right }: Area): Scales {
    const values = cells.flatMap(({ outages }) =>
        outages.filter((seconds) => seconds !== null && seconds > 0),
    ) as number[];
    const watched = cells.map(({ watchedSeconds }) => watchedSeconds);
    const [least, most] = [Math.min(0.1, ...values), Math.max(1, ...values, ...watched)];
    return {
        x: scaleLog([least / 1.2, most * 1.1], [left + zeroRoom, right - 18]),
        zero: left + 10,
        end: right - 6,
    };
}

function rowOf(
    cell: ScenarioCell,
    { scales, area, y, isWide }: { scales: Scales; area: Area; y: number; isWide: boolean },
): Element[] {
    const { scenario, topology, outage, outages } = cell;
    const at = (seconds: number | null) =>
        round(seconds === null ? scales.end : seconds === 0 ? scales.zero : scales.x(seconds));
    const sorted = outages.toSorted(
        (one, other) => (one ?? Number.POSITIVE_INFINITY) - (other ?? Number.POSITIVE_INFINITY),
    );
    const room = area.right - area.left;
    const label = isWide
        ? { x: area.left - 10, y, dy: "0.32em", textAnchor: "end" }
        : {
              ...{ x: area.left, y: y - 17, textAnchor: "start" },
              // The longest names are set a little closer, since a phone has no more room.
              ...(textWidth(labelOf(cell), shapes.narrow) > room && {
                  textLength: room,
                  lengthAdjust: "spacingAndGlyphs",
              }),
          };
    const interval = outage.interval === undefined ? [] : rangeMark(at(outage.interval[0]), at(outage.interval[1]), y);
    return [
        s("text", { className: "bar-label", ...label }, labelOf(cell)),
        s("g", { className: ["tick", "y"] }, [s("line", { x1: area.left, x2: area.right, y1: y, y2: y })]),
        ...interval,
        s(
            "g",
            { className: styleOf(armOf(topology)).colour },
            thinned(sorted, mostPoints).map((seconds, index) =>
                pointAt(topology, at(seconds), round(y + (jitter[index % jitter.length] ?? 0)), {
                    seconds,
                    data: { dataScenario: scenario, dataTopology: topology },
                }),
            ),
        ),
        medianMark(at(outage.median), y),
    ];
}

function labelOf({ scenario, topology }: ScenarioCell): string {
    return `${scenario}, ${topology}`;
}

/** The marker of the topology, or an arrow if the outage is longer than watched. */
function pointAt(
    topology: string,
    x: number,
    y: number,
    point?: { seconds: number | null; data: Record<string, string> },
): Element {
    const isCensored = point?.seconds === null;
    return s("path", {
        className: "single",
        d: isCensored ? arrow : markerOf(armOf(topology), 34),
        transform: `translate(${x},${y})`,
        ...(point && { ...point.data, dataOutage: point.seconds ?? "censored" }),
    });
}

function medianMark(x: number, y: number): Element {
    return s("path", { className: "median", d: `M${x},${y - 9}v18` });
}

function rangeMark(from: number, to: number, y: number): Element[] {
    return [s("path", { className: "interval", d: `M${from},${y}H${to}M${from},${y - 5}v10M${to},${y - 5}v10` })];
}
