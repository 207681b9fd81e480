import type { Element } from "hast";

/** For how much room a drawing is made; text has the size of its style in both. */
export interface Shape {
    name: "wide" | "narrow";
    /** In pixels, and the width of the view box. */
    width: number;
}

/** For a screen, and for a phone. */
export const shapes = {
    wide: { name: "wide", width: 860 },
    narrow: { name: "narrow", width: 336 },
} as const satisfies Record<string, Shape>;

/** What is inside the svg element. */
export interface Drawing {
    /** Of the view box. */
    height: number;
    children: Element[];
}

/** A plot of some results, or why there is none. */
export interface Plot {
    name: "latency" | "ratio" | "topologies" | "phases" | "cost";
    title: string;
    /** What it shows, in numbers, for whom can't see it. */
    description: string;
    /** What is left out of it and why, in sentences. */
    notes: readonly string[];
    /** Draws it; undefined where there is nothing to show, then the notes say why. */
    draw: ((shape: Shape) => Drawing) | undefined;
}
