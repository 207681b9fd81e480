/** A line of a grid: its cells, or a text that runs over all columns. */
export type Row = readonly string[] | string;

/** A title above some columns of a grid, and how many it spans. */
export interface Group {
    title: string;
    columns: number;
}

/** How a grid looks. */
export interface GridLayout {
    /** Columns with words, by index; all others hold numbers and are aligned to the right. */
    left: readonly number[];
    /** Titles above the head, over all columns from the left. @default none */
    groups?: readonly Group[];
}

const gap = "  ";
/** No line of a table is longer. */
const lineLength = 110;

/**
 * Plain text columns, for a terminal, a log or a file.
 * @param rows the head first; rows of cells have the same number of them, a text is printed as it is
 * @returns lines joined by `\n`, without colours, without spaces at the end of a line, and without a newline at the end
 */
export function textGrid(rows: readonly Row[], { left, groups = [] }: GridLayout): string {
    const cells = rows.filter((row) => typeof row !== "string");
    const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
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
        ...(groups.length === 0 ? [] : [titles.trimEnd()]),
        ...rows.map((row) => (typeof row === "string" ? row : line(row))),
    ].join("\n");
}

/** A text for a line of its own, cut to 110 characters. */
export function shortLine(text: string): string {
    return text.length > lineLength ? `${text.slice(0, lineLength - 3)}...` : text;
}

/** Makes columns as wide together as the title above them (changes `widths`). @returns the width of each group */
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
