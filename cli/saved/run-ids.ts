import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { resultsFolder } from "../project.ts";

/** Ids of the runs in a folder, the newest first. */
export function runIds(folder = resultsFolder): string[] {
    if (!existsSync(folder)) return [];
    const runs = readdirSync(folder).filter((name) => existsSync(join(folder, name, "plan.json")));
    return runs.sort().reverse();
}

/** Folders of the runs that have trials but no results: their command was killed, or goes on. The newest first. */
export function unfinishedRuns(folder = resultsFolder): string[] {
    return runIds(folder)
        .map((id) => join(folder, id))
        .filter((run) => !existsSync(join(run, "results.json")));
}
