import type { Element } from "hast";
import { toHtml } from "hast-util-to-html";
import { s } from "hastscript";
import { paletteCss } from "./palette.ts";
import { type Plot, type Shape, shapes } from "./plot.ts";
import { plotCss } from "./style.ts";

/** Margin around a separate picture, in pixels. */
const margin = 16;
/** Characters that XML can't hold. */
const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * A plot as a separate SVG file, light or dark like the reader's system.
 * @returns undefined if the plot has nothing to show
 */
export function pictureOf(plot: Plot): string | undefined {
    if (plot.draw === undefined) return undefined;
    const { height, children } = plot.draw(shapes.wide);
    const size = { width: shapes.wide.width + 2 * margin, height: Math.ceil(height) + 2 * margin };
    const svg = s(
        "svg",
        {
            xmlns: "http://www.w3.org/2000/svg",
            viewBox: `0 0 ${size.width} ${size.height}`,
            ...size,
            ...named(plot.name),
        },
        [
            s("title", { id: `${plot.name}-title` }, plot.title),
            s("desc", { id: `${plot.name}-description` }, plot.description),
            s("style", `${paletteCss()}${plotCss}`),
            s("rect", { width: "100%", height: "100%", fill: "var(--surface)" }),
            s(
                "g",
                { transform: `translate(${margin},${margin})` },
                children.filter((child) => !isAblation(child)),
            ),
        ],
    );
    return `${toHtml(svg, { space: "svg", closeEmptyElements: true }).replace(illegal, "")}\n`;
}

/**
 * A plot as an svg element of a page.
 * @param id of the plot on the page; the ids of its title and description start with it
 */
export function svgOf(plot: Plot, shape: Shape, id: string): Element | undefined {
    if (plot.draw === undefined) return undefined;
    const { height, children } = plot.draw(shape);
    const own = `${id}-${shape.name}`;
    return s(
        "svg",
        { viewBox: `0 0 ${shape.width} ${Math.ceil(height)}`, ...named(own), className: ["plot", shape.name] },
        [
            s("title", { id: `${own}-title` }, plot.title),
            s("desc", { id: `${own}-description` }, plot.description),
            ...children,
        ],
    );
}

/** Attributes for assistive technology: named by its title and described in numbers. */
function named(id: string) {
    return { role: "img", className: ["plot"], ariaLabelledBy: [`${id}-title`, `${id}-description`] };
}

/** Whether it is a line of an ablation arm, which only a page can show. */
function isAblation({ properties }: Element): boolean {
    return Array.isArray(properties.className) && properties.className.includes("ablation");
}
