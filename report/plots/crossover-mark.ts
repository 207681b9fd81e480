import type { Element } from "hast";
import { s } from "hastscript";
import type { Results } from "../../model/results.ts";
import { changeAt } from "../findings/summary.ts";
import { type Area, round, type Scale } from "./axes.ts";
import { textWidth } from "./legend.ts";
import type { Shape } from "./plot.ts";

/** The size at which the faster arm changes, as a sentence; empty if it doesn't change. */
export function crossoverWords(crossover: Results["crossover"]): string {
    return crossover === undefined ? "" : `The faster arm changes at ${changeAt(crossover)}.`;
}

/** A line at the size where the faster arm changes, its interval as a band behind it, and both as text above. */
export function crossoverMark(crossover: Results["crossover"], x: Scale, area: Area, shape: Shape): Element[] {
    if (crossover === undefined) return [];
    const { size, lowSize, highSize } = crossover;
    // If an end is beyond the measured sizes, the band reaches the edge.
    const low = lowSize === undefined ? area.left : x(lowSize);
    const high = highSize === undefined ? area.right : x(highSize);
    const at = round(x(size));
    const label = `crossover ${changeAt(crossover)}`;
    const half = textWidth(label, shape) / 2;
    const labelAt = Math.min(Math.max(at, area.left + half), area.right - half);
    const band = { x: round(low), y: area.top, width: round(high - low), height: area.bottom - area.top };
    return [
        s("g", { className: "crossover", dataSize: size }, [
            s("rect", { className: "crossover-band", ...band }),
            s("path", { className: "crossover-line", d: `M${at},${area.top}V${area.bottom}` }),
            s("text", { x: round(labelAt), y: area.top - 7, textAnchor: "middle" }, label),
        ]),
    ];
}
