import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseResults } from "../../model/parse.ts";
import type { Results } from "../../model/results.ts";
import { resultsFolder } from "../project.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { loadRun, resultsOf } from "./run-folder.ts";
import { runIds } from "./run-ids.ts";
import { standardInput } from "./standard-input.ts";

/** Results, and where they came from. */
export interface SavedResults {
    results: Results;
    /** The folder or file, for messages; `standard input` for `-`. */
    source: string;
}

/**
 * Finds and reads results. A folder's are computed again from its raw trials, a file's are taken as they are.
 * @param place a run's folder or its id; a file with results as JSON (`results.json`, or what `pulumi stack output results
 * --json` printed); `-` for that on standard input; by default the newest run
 * @param folder of the runs
 * @throws CommandError (configuration) where there is nothing of that name; ReportError where it was changed, cut off or
 * written by another version
 */
export function resultsAt(place: string | undefined, folder = resultsFolder): SavedResults {
    if (place === "-") return fromText(standardInput(), "standard input");
    const source = place === undefined ? newestRun(folder) : existsSync(place) ? place : join(folder, place);
    const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? true; // loadRun says what is missing
    return isFolder ? { results: resultsOf(loadRun(source)), source } : fromText(readFileSync(source, "utf8"), source);
}

function fromText(text: string, source: string): SavedResults {
    const json = text.replace(/^\ufeff/, ""); // a byte order mark, which tools of Windows write
    return { results: parseResults(json, { source }), source };
}

function newestRun(folder: string): string {
    const [newest] = runIds(folder);
    if (newest !== undefined) return join(folder, newest);
    throw new CommandError(exitCodes.configuration, `${folder} holds no run yet; measure one with hopcost run`);
}
