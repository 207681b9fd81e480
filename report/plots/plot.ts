import type { Element } from "hast";

/** The room for a drawing; text has the same size in both shapes. */
export interface Shape {
    name: "wide" | "narrow";
    /** Width of the view box, in pixels. */
    width: number;
}

/** For a screen, and for a phone. */
export const shapes = {
    wide: { name: "wide", width: 860 },
    narrow: { name: "narrow", width: 336 },
} as const satisfies Record<string, Shape>;

/** Content of the svg element. */
export interface Drawing {
    /** Height of the view box. */
    height: number;
    children: Element[];
}

/** A plot of results, or why there is none. */
export interface Plot {
    name:
        | "latency"
        | "ratio"
        | "topologies"
        | "phases"
        | "cost"
        | "outages"
        | "rollouts"
        | "density"
        | "elasticity"
        | `${"time-line" | "shares"}-${string}`;
    title: string;
    /** What it shows, in numbers, for people who can't see it. */
    description: string;
    /** What is left out and why, in sentences. */
    notes: readonly string[];
    /** Draws it; undefined if there is nothing to show, and the notes say why. */
    draw: ((shape: Shape) => Drawing) | undefined;
}
