import type { Element } from "hast";
import { h, s } from "hastscript";
import { allArms } from "../../../model/arms.ts";
import { armClass } from "../../plots/arm-style.ts";
import { armSample } from "../../plots/legend.ts";
import { svgOf } from "../../plots/picture.ts";
import { type Plot, shapes } from "../../plots/plot.ts";

/** Shows lines whose box is checked, without a script and by keyboard as well. */
export const switchesCss = allArms
    .map((arm) => `figure:has(input.${armClass(arm)}:checked) .ablation.${armClass(arm)}{display:inline}`)
    .join("\n");

/**
 * A plot with its notes, drawn for a screen and for a phone; the style shows the one that fits.
 * @param id of the plot on the page
 * @param ablations arms that can be switched on, initially off
 */
export function plotFigure(plot: Plot, id: string, ablations: readonly string[] = []): Element {
    const notes = plot.notes.map((note) => h("p", { className: "hint" }, note));
    const drawings = Object.values(shapes).flatMap((shape) => svgOf(plot, shape, id) ?? []);
    if (drawings.length === 0) return h("div", { className: "missing" }, notes);
    return h("figure", [
        ...(ablations.length === 0 ? [] : [switches(ablations)]),
        ...drawings,
        ...(notes.length === 0 ? [] : [h("figcaption", notes)]),
    ]);
}

function switches(ablations: readonly string[]): Element {
    return h("fieldset", { className: "switches" }, [
        h("legend", "Show ablation arms"),
        ...ablations.map((arm) =>
            h("label", [
                h("input", { type: "checkbox", className: armClass(arm) }),
                s(
                    "svg",
                    {
                        className: ["plot", "sample"],
                        viewBox: "-2 -8 30 16",
                        width: 30,
                        height: 16,
                        ariaHidden: "true",
                    },
                    armSample(arm),
                ),
                ` ${arm}`,
            ]),
        ),
    ]);
}
