import type { Grid, Group } from "../tables/grid.ts";
import { withBars } from "./text-bars.ts";

const gap = "  ";
/** Maximum length of a table's line. */
const lineLength = 110;

/**
 * A grid as plain text columns, for a terminal, a log or a file: its caption, titles, head and rows. If it has bars, the
 * head shows the character of each value.
 * @returns lines joined by `\n`, without colours, trailing spaces or a final newline; a text that spans all columns is cut
 * to 110 characters
 */
export function textGrid(grid: Grid): string {
    const {
        caption,
        groups = [],
        head,
        rows,
        left,
    } = grid.bars === undefined ? grid : withBars(grid, grid.bars, lineLength);
    const cells = [head, ...rows.filter((row) => typeof row !== "string")];
    const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
    const spans = widened(widths, groups);
    const line = (row: readonly string[]) =>
        row
            .map((text, column) => {
                const width = widths[column] ?? 0;
                return left.includes(column) ? text.padEnd(width) : text.padStart(width);
            })
            .join(gap)
            .trimEnd();
    const titles = groups.map(({ title }, index) => title.padStart(spans[index] ?? 0)).join(gap);
    return [
        ...(caption === undefined ? [] : [caption]),
        ...(groups.length === 0 ? [] : [titles.trimEnd()]),
        line(head),
        ...rows.map((row) => (typeof row === "string" ? shortLine(row) : line(row))),
    ].join("\n");
}

function shortLine(text: string): string {
    return text.length > lineLength ? `${text.slice(0, lineLength - 3)}...` : text;
}

/** Widens columns to fit the title above them (changes `widths`). @returns the width of each group */
function widened(widths: number[], groups: readonly Group[]): number[] {
    let first = 0;
    return groups.map(({ title, columns }) => {
        const ofGroup = Array.from({ length: columns }, (_, column) => first + column);
        first += columns;
        const widthOf = (column: number) => widths[column] ?? 0;
        const width = () => ofGroup.reduce((sum, column) => sum + widthOf(column) + gap.length, -gap.length);
        while (width() < title.length) {
            const narrowest = Math.min(...ofGroup.map(widthOf));
            const column = ofGroup.find((candidate) => widthOf(candidate) === narrowest) as number;
            widths[column] = narrowest + 1;
        }
        return width();
    });
}
