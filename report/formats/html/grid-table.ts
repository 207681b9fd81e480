import type { Element, ElementContent } from "hast";
import { h } from "hastscript";
import type { Grid, Row } from "../../tables/grid.ts";

/**
 * A grid as a table in a region that scrolls sideways if it is too wide, by keyboard as well. Its bars are left out
 * because a plot shows them.
 * @param label name of the region; unique on the page
 */
export function gridTable(grid: Grid, label: string): Element {
    const { caption, groups = [], head, rows, left } = grid;
    const isLeft = new Set(left);
    const titles = groups.map(({ title, columns }) =>
        title === "" ? h("td", { colSpan: columns }) : h("th", { scope: "colgroup", colSpan: columns }, title),
    );
    const rest = head.length - groups.reduce((sum, { columns }) => sum + columns, 0);
    return h("div", { className: "scroll", role: "region", ariaLabel: label, tabIndex: 0 }, [
        h("table", [
            ...(caption === undefined ? [] : [h("caption", caption)]),
            h("thead", [
                ...(titles.length === 0
                    ? []
                    : [h("tr", [...titles, ...(rest > 0 ? [h("td", { colSpan: rest })] : [])])]),
                h(
                    "tr",
                    head.map((text, column) =>
                        h("th", { scope: "col", ...(isLeft.has(column) ? { className: "left" } : {}) }, text),
                    ),
                ),
            ]),
            h(
                "tbody",
                rows.map((row) => rowOf(row, head.length, isLeft)),
            ),
        ]),
    ]);
}

const [plain, leftward] = [{}, { className: ["left"] }];

/** Built without hastscript, which is too slow for thousands of rows. */
function rowOf(row: Row, columns: number, isLeft: ReadonlySet<number>): Element {
    if (typeof row === "string")
        return element("tr", {}, [element("td", { colSpan: columns, className: ["note"] }, text(row))]);
    return element(
        "tr",
        {},
        row.map((value, column) => {
            // The first cell names its row; an empty one continues the row above.
            if (column === 0 && value !== "") return element("th", { scope: "row" }, text(value));
            return element("td", isLeft.has(column) ? leftward : plain, text(value));
        }),
    );
}

function element(tagName: string, properties: Element["properties"], children: ElementContent[]): Element {
    return { type: "element", tagName, properties, children };
}

function text(value: string): ElementContent[] {
    return [{ type: "text", value }];
}
