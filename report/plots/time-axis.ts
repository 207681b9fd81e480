import type { Element } from "hast";
import { s } from "hastscript";
import { type Area, round } from "./axes.ts";
import type { Shape } from "./plot.ts";

/** The vertical axis of shares: 0, 50 and 100%. */
export function shareAxis({ left, right, top, bottom }: Area): Element[] {
    return [0, 0.5, 1].map((share) => {
        const y = bottom - share * (bottom - top);
        return s("g", { className: ["tick", "share"], dataValue: share, transform: `translate(0,${y})` }, [
            s("line", { x1: left, x2: right }),
            s("text", { x: left - 8, dy: "0.32em", textAnchor: "end" }, `${100 * share}%`),
        ]);
    });
}

/** A linear horizontal axis of seconds, at most 14 labels, on a phone 6. @param x position of a time. @param range of the time, in seconds */
export function timeAxis(
    x: (seconds: number) => number,
    [from, to]: readonly [number, number],
    { top, bottom }: Area,
    { name }: Shape,
): Element[] {
    const most = name === "wide" ? 14 : 6;
    const step = [1, 2, 5, 10, 20, 50].find((seconds) => (to - from) / seconds <= most) ?? 100;
    const first = Math.ceil(from / step);
    return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step).map((at) =>
        s("g", { className: ["tick", "x"], dataValue: at, transform: `translate(${round(x(at))},0)` }, [
            s("line", { y1: top, y2: bottom }),
            s("text", { y: bottom + 18, textAnchor: "middle" }, `${at} s`),
        ]),
    );
}
