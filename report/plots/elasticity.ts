import { scaleLinear } from "d3-scale";
import type { Element } from "hast";
import { s } from "hastscript";
import type { ElasticityCell, ReplicaStep } from "../../model/elasticity.ts";
import type { Results } from "../../model/results.ts";
import { besideEachOther, replicasAt } from "../../statistics/elasticity.ts";
import { autoscalingText } from "../words/autoscaling-words.ts";
import { percent } from "../words/sentences.ts";
import { styleOf } from "./arm-style.ts";
import { type Area, areaOf, axisTitle, round } from "./axes.ts";
import { boxSample, legend } from "./legend.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { timeAxis } from "./time-axis.ts";
import { armOf, topologyTitle } from "./topology-style.ts";

/** Flows with one attempt: over a kept connection, or over a new one for each message, which reaches new Pods. */
const shownFlows: readonly string[] = ["once", "once-fresh"];
/** Heights in pixels: of a panel, of its title, and of the gap below it. */
const [panelHeight, titleHeight, gap] = [120, 34, 52];
/** Seconds before the injection that are shown. */
const secondsBefore = 30;

/** A flow of one injection. */
interface Panel {
    scenario: string;
    topology: string;
    flow: string;
    demand: readonly ReplicaStep[];
    ready: readonly ReplicaStep[];
    receiving: readonly ReplicaStep[];
    /** When it ends, in seconds after the injection. */
    end: number;
}

/** Replicas that the load needed and those that received it, over one injection of each topology with an autoscaler. */
export function elasticityPlot({ scenarios }: Pick<Results, "scenarios">): Plot {
    const cells = scenarios?.elasticity ?? [];
    const panels = cells.flatMap(panelsOf);
    return {
        name: "elasticity",
        title: "Replicas that the load needs, and those that receive it",
        description: cells.map(described).join(" "),
        notes:
            panels.length === 0
                ? ["No replicas over time: the stack output leaves them out; use the run's folder."]
                : ["0 s is the injection. The first injection of each topology is shown."],
        draw: panels.length === 0 ? undefined : (shape) => drawElasticity(shape, panels),
    };
}

function panelsOf({ scenario, topology, watchedSeconds, example }: ElasticityCell): Panel[] {
    if (example === undefined) return [];
    const { demand, ready, flows } = example;
    return flows
        .filter(({ flow }) => shownFlows.includes(flow))
        .map(({ flow, receiving }) => ({ scenario, topology, flow, demand, ready, receiving, end: watchedSeconds }));
}

function described(cell: ElasticityCell): string {
    const flows = cell.flows.map(
        ({ flow, under, over }) =>
            `${flow} too few for ${percent(under.timeShare.median)} of the time and too many for ${percent(over.timeShare.median)}`,
    );
    return `${cell.scenario}, ${topologyTitle(cell.topology)}: ${autoscalingText(cell)}; ${flows.join(", ")}.`;
}

function drawElasticity(shape: Shape, panels: readonly Panel[]): Drawing {
    const line = (name: string, strokeDasharray?: string) => [
        s("path", { className: ["line", name], d: "M0,0H26", ...(strokeDasharray && { strokeDasharray }) }),
    ];
    const items = [
        { label: "needed", sample: line("neutral") },
        { label: "ready", sample: line("neutral", "2 3") },
        {
            label: "receiving messages",
            sample: [s("g", { className: styleOf(armOf("network")).colour }, line("supply"))],
        },
        { label: "too few", sample: boxSample("too-few") },
        { label: "too many", sample: boxSample("too-many") },
    ];
    const top = legend(items, shape, 0);
    const most = Math.max(...panels.flatMap(({ demand, ready, receiving }) => [demand, ready, receiving].map(mostOf)));
    const end = Math.max(...panels.map((panel) => panel.end));
    let height = top.height;
    const children = panels.flatMap((panel) => {
        const area = areaOf(shape, height + titleHeight, panelHeight);
        height = area.bottom + gap;
        return drawPanel(panel, shape, area, { most, range: [-secondsBefore, end] });
    });
    return { height, children: [...top.children, ...children] };
}

function drawPanel(
    { scenario, topology, flow, demand, ready, receiving, end }: Panel,
    shape: Shape,
    area: Area,
    { most, range }: { most: number; range: [number, number] },
): Element[] {
    const x = scaleLinear(range, [area.left, area.right]);
    const y = scaleLinear([0, most], [area.bottom, area.top]);
    const at = (replicas: number) => round(y(replicas));
    const span = [Math.max(range[0], -secondsBefore), end] as const;
    const path = (steps: readonly ReplicaStep[]) => stepPath(steps, span, x, at);
    const data = { dataTopology: topology, dataFlow: flow };
    return [
        s(
            "text",
            { className: "panel-title", x: 4, y: area.top - 16 },
            `${scenario}, ${topologyTitle(topology)}, flow ${flow}`,
        ),
        ...timeAxis(x, range, area, shape),
        ...Array.from({ length: most + 1 }, (_, replicas) =>
            s("g", { className: ["tick", "y"], dataValue: replicas, transform: `translate(0,${at(replicas)})` }, [
                s("line", { x1: area.left, x2: area.right }),
                s("text", { x: area.left - 8, dy: "0.32em", textAnchor: "end" }, `${replicas}`),
            ]),
        ),
        ...(["few", "many"] as const).map((side) =>
            s("path", { className: `too-${side}`, d: mismatchPath(demand, receiving, [0, end], x, at, side), ...data }),
        ),
        s("path", {
            className: ["line", "neutral"],
            d: path(ready),
            strokeDasharray: "2 3",
            dataSteps: "ready",
            ...data,
        }),
        s("path", { className: ["line", "neutral"], d: path(demand), dataSteps: "needed", ...data }),
        s("g", { className: styleOf(armOf(topology)).colour }, [
            s("path", { className: ["line", "supply"], d: path(receiving), dataSteps: "receiving", ...data }),
        ]),
        s("path", { className: "injected", d: `M${round(x(0))},${area.top - 4}V${area.bottom}` }),
        axisTitle(area, "time after the injection"),
    ];
}

/** A line that turns at each step. */
function stepPath(
    steps: readonly ReplicaStep[],
    [from, to]: readonly [number, number],
    x: (seconds: number) => number,
    y: (replicas: number) => number,
): string {
    const turns = steps
        .filter(({ atSeconds }) => atSeconds > from && atSeconds < to)
        .map(({ atSeconds, replicas }) => `H${round(x(atSeconds))}V${y(replicas)}`);
    return `M${round(x(from))},${y(replicasAt(steps, from))}${turns.join("")}H${round(x(to))}`;
}

/** A rectangle for each time in which there were too few, or too many. */
function mismatchPath(
    demand: readonly ReplicaStep[],
    supply: readonly ReplicaStep[],
    span: readonly [number, number],
    x: (seconds: number) => number,
    y: (replicas: number) => number,
    side: "few" | "many",
): string {
    return besideEachOther(demand, supply, ...span)
        .filter(({ needed, given }) => (side === "few" ? given < needed : given > needed))
        .map(
            ({ from, to, needed, given }) =>
                `M${round(x(from))},${y(needed)}H${round(x(to))}V${y(given)}H${round(x(from))}Z`,
        )
        .join("");
}

function mostOf(steps: readonly ReplicaStep[]): number {
    return Math.max(...steps.map(({ replicas }) => replicas));
}
