import { type ScaleLogarithmic, scaleLog } from "d3-scale";
import type { Element } from "hast";
import { s } from "hastscript";
import { formatSize } from "../../model/sizes.ts";
import { formatSeconds } from "../words/units.ts";
import type { Shape } from "./plot.ts";

/** A scale of sizes, seconds or ratios, all logarithmic. */
export type Scale = ScaleLogarithmic<number, number>;

/** The rectangle of a plot that holds the data, in pixels. */
export interface Area {
    left: number;
    right: number;
    top: number;
    bottom: number;
}

/** Leaves room for the labels of the vertical axis and for the last label of the horizontal one. */
export function areaOf({ width, name }: Shape, top: number, height: number): Area {
    return { left: name === "wide" ? 64 : 52, right: width - (name === "wide" ? 24 : 14), top, bottom: top + height };
}

/** Payload sizes from left to right, with some room on both sides. */
export function sizeScale(sizes: readonly number[], { left, right }: Area): Scale {
    return logScale(sizes, [left, right], 1.25);
}

/** Values from bottom to top. @param values at least one, all positive */
export function valueScale(values: readonly number[], { top, bottom }: Area): Scale {
    return logScale(values, [bottom, top], 1.2);
}

function logScale(values: readonly number[], range: [number, number], room: number): Scale {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    // A single value needs some room too: an empty domain has no positions.
    const factor = least === most ? 2 : room;
    return scaleLog([Math.max(least / factor, Number.MIN_VALUE), Math.min(most * factor, Number.MAX_VALUE)], range);
}

/** The horizontal axis: as many powers of 2 as fit the shape, with `data-value` in bytes. */
export function sizeAxis(scale: Scale, { top, bottom }: Area, { name }: Shape): Element[] {
    return sizeTicks(scale, name === "wide" ? 10 : 5).map((value) =>
        s("g", { className: ["tick", "x"], dataValue: value, transform: `translate(${round(scale(value))},0)` }, [
            s("line", { y1: top, y2: bottom }),
            s("text", { y: bottom + 18, textAnchor: "middle" }, formatSize(value)),
        ]),
    );
}

function sizeTicks(scale: Scale, most: number): number[] {
    const [low, high] = scale.domain().map(Math.log2) as [number, number];
    const [first, last] = [Math.ceil(low), Math.floor(high)];
    const steps = [1, 2, 4, 8, 16].find((step) => (last - first) / step < most) ?? 32;
    return Array.from({ length: Math.floor((last - first) / steps) + 1 }, (_, tick) => 2 ** (first + tick * steps));
}

/** The vertical axis: 1, 2 and 5 of each decade, or only the decades if there are many, with `data-value`. */
export function valueAxis(scale: Scale, { left, right }: Area, format: (value: number) => string): Element[] {
    return valueTicks(scale).map((value) =>
        s("g", { className: ["tick", "y"], dataValue: value, transform: `translate(0,${round(scale(value))})` }, [
            s("line", { x1: left, x2: right }),
            s("text", { x: left - 8, dy: "0.32em", textAnchor: "end" }, format(value)),
        ]),
    );
}

/** Pixels of a decade that have room for the labels of 1, 2 and 5. */
const roomyDecade = 165;

/** A horizontal logarithmic axis of seconds: 1, 2 and 5 of each decade, only the decades if they have less room or on a phone. */
export function durationAxis(scale: Scale, { top, bottom }: Area, { name }: Shape): Element[] {
    const isRoomy = name === "wide" && scale(10) - scale(1) >= roomyDecade;
    return valueTicks(scale, isRoomy ? undefined : [1]).map((value) =>
        s("g", { className: ["tick", "x"], dataValue: value, transform: `translate(${round(scale(value))},0)` }, [
            s("line", { y1: top, y2: bottom }),
            s("text", { y: bottom + 18, textAnchor: "middle" }, tickSeconds(value)),
        ]),
    );
}

function valueTicks(scale: Scale, wanted?: readonly number[]): number[] {
    const [low, high] = scale.domain() as [number, number];
    const mantissas = wanted ?? (Math.log10(high / low) > 3.2 ? [1] : [1, 2, 5]);
    const decades = Array.from(
        { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
        (_, decade) => Math.floor(Math.log10(low)) + decade,
    );
    return decades
        .flatMap((decade) => mantissas.map((mantissa) => Number(`${mantissa}e${decade}`)))
        .filter((value) => value >= low && value <= high);
}

/** Centred below the labels of the horizontal axis. */
export function axisTitle({ left, right, bottom }: Area, title: string): Element {
    return s("text", { className: "axis-title", x: (left + right) / 2, y: bottom + 38, textAnchor: "middle" }, title);
}

/** A duration on an axis, without a table's trailing zeros: `10 ms`. */
export function tickSeconds(seconds: number): string {
    return formatSeconds(seconds)
        .replace(/(\.\d*?)0+ /, "$1 ")
        .replace(". ", " ");
}

/** A position with two decimals; more are not visible. */
export function round(pixels: number): number {
    return Math.round(pixels * 100) / 100;
}
