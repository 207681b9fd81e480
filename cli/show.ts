import type { Results } from "../report/schema.ts";
import { controlsTable, loadTable, metricsTable, phasesTable, resultsTable } from "../report/table.ts";

/** Results for a terminal: the verdict, the tables that have something to show, the warnings. Ends with a newline. */
export function resultsText(results: Results): string {
    const tables = [
        ["", resultsTable(results)],
        ["What the control arms tell", controlsTable(results)],
        ["Where the time goes inside a round trip", phasesTable(results)],
        ["Under load", loadTable(results)],
        ["What each container used, by Prometheus (off: against its control group)", metricsTable(results)],
    ] as const;
    const shown = tables
        .filter(([, table]) => table !== "")
        .map(([title, table]) => (title === "" ? table : `${title}\n\n${table}`));
    const warnings = results.warnings.map((warning) => `warning: ${warning}`).join("\n");
    return `${[results.summary, ...shown, ...(warnings === "" ? [] : [warnings])].join("\n\n")}\n`;
}
