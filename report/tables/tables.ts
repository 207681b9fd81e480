import type { Results } from "../../model/results.ts";
import { rolloutsTitle } from "../words/rollout-words.ts";
import { densityTables } from "./density-tables.ts";
import type { Grid } from "./grid.ts";
import { ablationsTable, loadTables, otherModesTable, resultsTable } from "./main-tables.ts";
import { metricsTable } from "./metrics-table.ts";
import { phasesTables } from "./phases-table.ts";
import { rolloutTables } from "./rollout-tables.ts";
import { scenarioTables } from "./scenario-tables.ts";

/** Grids under one title. */
export interface Tables {
    title: string;
    grids: readonly Grid[];
}

/** The tables of results. */
export interface ResultsTables extends Tables {
    /** What they are about, for callers that place them beside a plot. */
    id: "latency" | "scenarios" | "rollouts" | "density" | "ablations" | "phases" | "load" | "other-modes" | "metrics";
}

/** Every table that has content, in reading order. */
export function tablesOf(results: Results): ResultsTables[] {
    const present = (grid: Grid | undefined) => (grid === undefined ? [] : [grid]);
    const tables: ResultsTables[] = [
        { id: "latency", title: "Latency by payload size", grids: [resultsTable(results)] },
        { id: "scenarios", title: "What happens when something fails", grids: scenarioTables(results) },
        { id: "rollouts", title: rolloutsTitle, grids: rolloutTables(results) },
        { id: "density", title: "Several pairs at once", grids: densityTables(results) },
        { id: "ablations", title: "What the ablation arms show", grids: present(ablationsTable(results)) },
        { id: "phases", title: "Where the time goes inside a round trip", grids: phasesTables(results) },
        { id: "load", title: "Under load", grids: loadTables(results) },
        {
            id: "other-modes",
            title: "Modes of another version of hopcost",
            grids: present(otherModesTable(results)),
        },
        {
            id: "metrics",
            title: "Usage of each container by Prometheus (off: deviation from its cgroup)",
            grids: present(metricsTable(results)),
        },
    ];
    return tables.filter(({ grids }) => grids.length > 0);
}
