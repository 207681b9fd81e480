import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseResults } from "../../model/parse.ts";
import { Results } from "../../model/results.ts";
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
    return { results: namingUnknown(parseResults(json, { source })), source };
}

/** With a warning that names what another version measured and this one keeps, but can't show. */
function namingUnknown(results: Results): Results {
    const unknown = Object.keys(results).filter((name) => !(name in Results.properties));
    if (unknown.length === 0) return results;
    const warning = `hopcost ${results.hopcostVersion} also wrote ${unknown.join(", ")}, which this version can't show.`;
    return results.warnings.includes(warning) ? results : { ...results, warnings: [...results.warnings, warning] };
}

function newestRun(folder: string): string {
    const [newest] = runIds(folder);
    if (newest !== undefined) return join(folder, newest);
    throw new CommandError(exitCodes.configuration, `${folder} holds no run yet; measure one with hopcost run`);
}
