/** A line of a grid: its cells, or a text that spans all columns. */
export type Row = readonly string[] | string;

/** A title above some columns of a grid, and the number of columns it spans. */
export interface Group {
    title: string;
    columns: number;
}

/**
 * A table as data: its words and numbers are the same wherever it is shown (`text-grid.ts` for a terminal, and others).
 */
export interface Grid {
    /** What the grid is about if several share one title, e.g. the arm. @default none */
    caption?: string;
    /** Titles above the head, over all columns from the left. @default none */
    groups?: readonly Group[];
    head: readonly string[];
    /** Each row of cells is as long as the head. */
    rows: readonly Row[];
    /** Indices of columns with words; all others hold numbers and are right-aligned. */
    left: readonly number[];
    /** The values of each row's last columns, for a bar of their proportions if there is no plot. @default none */
    bars?: readonly (readonly number[])[];
}
