import type { Grid } from "./grid.ts";
import { metricsTable } from "./metrics-table.ts";
import { phasesTables } from "./phases-table.ts";
import type { Results } from "./schema.ts";
import { controlsTable, loadTables, resultsTable } from "./table.ts";

/** Grids under one title. */
export interface Tables {
    title: string;
    grids: readonly Grid[];
}

/** Every table that the results have something for, in the order in which they are read. */
export function tablesOf(results: Results): Tables[] {
    const present = (grid: Grid | undefined) => (grid === undefined ? [] : [grid]);
    const tables = [
        { title: "Latency by payload size", grids: [resultsTable(results)] },
        { title: "What the control arms tell", grids: present(controlsTable(results)) },
        { title: "Where the time goes inside a round trip", grids: phasesTables(results) },
        { title: "Under load", grids: loadTables(results) },
        {
            title: "What each container used, by Prometheus (off: against its control group)",
            grids: present(metricsTable(results)),
        },
    ];
    return tables.filter(({ grids }) => grids.length > 0);
}
