import type { Results } from "../../model/results.ts";
import { tablesOf } from "../tables/tables.ts";
import { textGrid } from "./text-grid.ts";

/** Results as plain text: the verdict, every table with content, the warnings. Ends with a newline. */
export function resultsText(results: Results): string {
    const tables = tablesOf(results).map(({ title, grids }) => [title, ...grids.map(textGrid)].join("\n\n"));
    const warnings = results.warnings.map((warning) => `warning: ${warning}`).join("\n");
    return `${[results.summary, ...tables, ...(warnings === "" ? [] : [warnings])].join("\n\n")}\n`;
}
