import type { Element } from "hast";
import { s } from "hastscript";
import { markerOf, styleOf } from "./arm-style.ts";
import type { Drawing, Shape } from "./plot.ts";

/** One entry of a legend. */
export interface LegendItem {
    label: string;
    /** Drawn in the 26 x 14 pixels left of the label; 0, 0 is the middle of their left edge. */
    sample: Element[];
}

const lineHeight = 20;
const sampleWidth = 32;
const gap = 18;
/** Average width of a character: slightly more than in the widest common font. */
const characterWidth = { wide: 6.7, narrow: 6.2 } as const;

/** Approximate width of a text, in pixels. */
export function textWidth(text: string, shape: Shape): number {
    return text.length * characterWidth[shape.name];
}

/** Lays items out from the left, in as many lines as they need, below `top`. @returns the total height */
export function legend(items: readonly LegendItem[], shape: Shape, top: number): Drawing {
    let [x, line] = [4, 0];
    const children = items.map(({ label, sample }) => {
        const width = sampleWidth + textWidth(label, shape);
        if (x > 4 && x + width > shape.width) [x, line] = [4, line + 1];
        const item = s("g", { className: "legend", transform: `translate(${x},${top + 12 + line * lineHeight})` }, [
            ...sample,
            s("text", { x: sampleWidth, dy: "0.32em" }, label),
        ]);
        x += width + gap;
        return item;
    });
    return { height: (line + 1) * lineHeight + 6, children };
}

/** The line and the marker of an arm. */
export function armSample(arm: string): Element[] {
    const { colour, dash } = styleOf(arm);
    return [
        s("g", { className: colour }, [
            s("path", { className: "line", d: "M0,0H26", strokeDasharray: dash }),
            s("path", { className: "point", d: markerOf(arm), transform: "translate(13,0)" }),
        ]),
    ];
}

/** A filled box. @param className sets its colour */
export function boxSample(...className: string[]): Element[] {
    return [s("rect", { className, x: 1, y: -6, width: 24, height: 12 })];
}
