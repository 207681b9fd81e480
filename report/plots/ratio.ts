import { area, curveLinear, line } from "d3-shape";
import type { Element } from "hast";
import { s } from "hastscript";
import { mainArms } from "../../model/arms.ts";
import type { Ratio, Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { band } from "../../statistics/verdict.ts";
import { ratioInterval } from "../words/beside-limit.ts";
import { are, percent, plural } from "../words/sentences.ts";
import { formatRatio } from "../words/units.ts";
import { type Area, areaOf, axisTitle, round, type Scale, sizeAxis, sizeScale, valueAxis, valueScale } from "./axes.ts";
import { crossoverMark, crossoverWords } from "./crossover-mark.ts";
import { intervalMark } from "./interval-mark.ts";
import { boxSample, legend } from "./legend.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";
import { mostPoints, thinned } from "./thin.ts";

interface Scales {
    x: Scale;
    y: Scale;
}

/** The volume's median over the network's by payload size, with the band of no difference and the noise floor. */
export function ratioPlot({ ratios, crossover }: Results): Plot {
    const noise = ratios.some((ratio) => ratio.noise !== undefined);
    return {
        name: "ratio",
        title: "Ratio of the medians, volume over network",
        description: [described(ratios), crossoverWords(crossover)].filter((sentence) => sentence !== "").join(" "),
        notes:
            ratios.length === 0
                ? [`No ratio: no size has a median of both ${mainArms.network} and ${mainArms.volume}.`]
                : noise
                  ? []
                  : ["No noise floor: the run did not measure the main network arm twice (A/A)."],
        draw: ratios.length === 0 ? undefined : (shape) => drawRatio(shape, ratios, crossover),
    };
}

function described(ratios: readonly Ratio[]): string {
    const of = (winner: "network" | "volume") => ratios.filter((ratio) => shownWinner(ratio) === winner).length;
    const [first, last] = [ratios[0], ratios.at(-1)];
    if (first === undefined || last === undefined) return "";
    const ends = first === last ? pointWords(first) : `${pointWords(first)}; ${pointWords(last)}`;
    const undecided = ratios.length - of("network") - of("volume");
    return `${ends}. The network is faster at ${plural(of("network"), "size")}, the volume at ${of("volume")}, ${undecided} ${are(undecided)} undecided or within noise.`;
}

/** The arm shown as faster; undefined if undecided or within noise. */
function shownWinner({ verdict, withinNoise }: Ratio): "network" | "volume" | undefined {
    if (withinNoise) return undefined;
    return verdict === "network faster" ? "network" : verdict === "volume faster" ? "volume" : undefined;
}

function pointWords({ size, ratio, interval, verdict, withinNoise }: Ratio): string {
    const range = interval === undefined ? "no interval" : `95% CI: ${ratioInterval(interval)}`;
    return `${formatSize(size)}: ${formatRatio(ratio)} (${range}), ${verdict}${withinNoise ? ", within noise" : ""}`;
}

function drawRatio(shape: Shape, ratios: readonly Ratio[], crossover: Results["crossover"]): Drawing {
    const items = [
        { label: "network faster", sample: pointSample("network", filled) },
        { label: "volume faster", sample: pointSample("volume", filled) },
        { label: "undecided or within noise", sample: pointSample("undecided", hollow) },
        { label: `no difference (within ${percent(band[1] - 1)})`, sample: boxSample("same") },
        ...(ratios.some(({ noise }) => noise !== undefined)
            ? [{ label: "noise floor (A/A)", sample: boxSample("noise") }]
            : []),
    ];
    const top = legend(items, shape, 0);
    const inner = areaOf(shape, top.height + 42, shape.name === "wide" ? 300 : 240);
    const values = ratios.flatMap(({ ratio, interval }) => [ratio, ...(interval ?? [])]).filter((value) => value > 0);
    const x = sizeScale(
        ratios.map(({ size }) => size),
        inner,
    );
    const y = valueScale([...values, 1 / 1.2, 1.2], inner);
    const scales = { x, y };
    return {
        height: inner.bottom + 46,
        children: [
            ...top.children,
            s("text", { className: "axis-title", x: 4, y: inner.top - 28 }, "volume / network"),
            ...sizeAxis(x, inner, shape),
            ...valueAxis(y, inner, (value) => String(value)),
            ...noiseBand(ratios, scales),
            s("rect", {
                className: "same",
                x: inner.left,
                width: inner.right - inner.left,
                y: round(y(band[1])),
                height: round(y(band[0]) - y(band[1])),
            }),
            s("path", { className: "one", d: `M${inner.left},${round(y(1))}H${inner.right}` }),
            axisTitle(inner, "payload size"),
            ...crossoverMark(crossover, x, inner, shape),
            ratioLine(ratios, scales),
            ...thinned(ratios, mostPoints).flatMap((ratio) => pointOf(ratio, scales)),
            ...sides(ratios, inner),
        ],
    };
}

/** The meaning of above and below, where the line leaves room. */
function sides(ratios: readonly Ratio[], { left, right, top, bottom }: Area): Element[] {
    const falling = (ratios[0]?.ratio ?? 1) >= (ratios.at(-1)?.ratio ?? 1);
    const [start, end] = [
        { x: left + 6, textAnchor: "start" },
        { x: right - 6, textAnchor: "end" },
    ];
    const [above, below] = falling ? [end, start] : [start, end];
    return [
        s("text", { className: ["side", "network"], ...above, y: top + 18 }, "▲ network faster"),
        s("text", { className: ["side", "volume"], ...below, y: bottom - 8 }, "▼ volume faster"),
    ];
}

function ratioLine(ratios: readonly Ratio[], { x, y }: Scales): Element {
    const path = line<Ratio>()
        .x(({ size }) => x(size))
        .y(({ ratio }) => y(ratio))
        .digits(1);
    return s("path", { className: ["line", "ratio"], d: path(ratios) ?? "" });
}

/** From the inverse of the noise floor to the noise floor, within the axis. */
function noiseBand(ratios: readonly Ratio[], { x, y }: Scales): Element[] {
    const known = ratios.filter((ratio): ratio is Ratio & { noise: number } => ratio.noise !== undefined);
    if (known.length === 0) return [];
    const [low, high] = y.domain() as [number, number];
    const path = area<(typeof known)[number]>()
        .curve(curveLinear)
        .x(({ size }) => x(size))
        .y0(({ noise }) => y(Math.max(1 / noise, low)))
        .y1(({ noise }) => y(Math.min(noise, high)))
        .digits(1);
    return [s("path", { className: "noise", d: path(known) ?? "" })];
}

const filled = "M-5,0a5,5,0,1,0,10,0a5,5,0,1,0,-10,0";
const hollow = "M-4.5,-4.5h9v9h-9Z";

function pointSample(colour: string, d: string): Element[] {
    return [s("g", { className: colour }, [s("path", { className: "point", d, transform: "translate(13,0)" })])];
}

function pointOf(ratio: Ratio, { x, y }: Scales): Element[] {
    const { size, interval, verdict } = ratio;
    const winner = shownWinner(ratio);
    const at = round(x(size));
    const lowest = y.domain()[0] as number; // with few trials an interval can reach below 0, which a logarithmic axis can't show
    const bar =
        interval === undefined
            ? []
            : [intervalMark(at, round(y(interval[1])), round(y(Math.max(interval[0], lowest))))];
    const data = { dataSize: size, dataRatio: ratio.ratio, dataVerdict: verdict };
    return [
        s("g", { className: winner ?? "undecided" }, [
            ...bar,
            s(
                "path",
                {
                    className: "point",
                    d: winner === undefined ? hollow : filled,
                    transform: `translate(${at},${round(y(ratio.ratio))})`,
                    ...data,
                },
                [s("title", pointWords(ratio))],
            ),
        ]),
    ];
}
