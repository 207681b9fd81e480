import type { Element } from "hast";
import { type Plot, shapes } from "../../../report/plots/plot.ts";

/** The properties of all elements of a wide drawing that have this one; none if there is no plot. */
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
