import type { Element } from "hast";
import { type Plot, shapes } from "../../../report/plots/plot.ts";

/** All properties of each element of a wide drawing that has this one; empty if there is no plot. */
export function drawnIn(plot: Plot | undefined, property: string): Element["properties"][] {
    return withProperty(plot?.draw?.(shapes.wide).children ?? [], property);
}

function withProperty(elements: readonly Element[], name: string): Element["properties"][] {
    return elements.flatMap((element) => [
        ...(element.properties[name] === undefined ? [] : [element.properties]),
        ...withProperty(
            element.children.filter((child) => child.type === "element"),
            name,
        ),
    ]);
}
