/** A line of a grid: its cells, or a text that runs over all columns. */
export type Row = readonly string[] | string;

/** A title above some columns of a grid, and how many it spans. */
export interface Group {
    title: string;
    columns: number;
}

/**
 * A table as data: its words and numbers are made once, and are the same wherever it is shown (`text-grid.ts` for a
 * terminal, and others).
 */
export interface Grid {
    /** What it is about, where several stand under one title, e.g. the arm. @default none */
    caption?: string;
    /** Titles above the head, over all columns from the left. @default none */
    groups?: readonly Group[];
    head: readonly string[];
    /** Rows of cells have as many as the head. */
    rows: readonly Row[];
    /** Columns with words, by index; all others hold numbers and are aligned to the right. */
    left: readonly number[];
    /** Of each row the values of its last columns, for a bar with their proportions where there is no plot. @default none */
    bars?: readonly (readonly number[])[];
}
