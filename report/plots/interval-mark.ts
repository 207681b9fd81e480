import type { Element } from "hast";
import { s } from "hastscript";

/** A vertical bar with caps. */
export function intervalMark(x: number, top: number, bottom: number): Element {
    return s("path", { className: "interval", d: `M${x},${top}V${bottom}M${x - 4},${top}h8M${x - 4},${bottom}h8` });
}
