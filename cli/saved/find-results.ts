import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseResults } from "../../model/parse.ts";
import { Results } from "../../model/results.ts";
import { resultsFolder } from "../project.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { loadRun, resultsOf } from "./run-folder.ts";
import { runIds } from "./run-ids.ts";
import { standardInput } from "./standard-input.ts";
import { textIn } from "./text-in.ts";

/** Results, and where they came from. */
export interface SavedResults {
    results: Results;
    /** The folder or file, for messages; `standard input` for `-`. */
    source: string;
}

/**
 * Finds and reads the results of one run, as {@link allResultsAt}.
 * @throws CommandError (configuration) also if there are several runs
 */
export function resultsAt(place: string | undefined, folder = resultsFolder): SavedResults {
    const [first, ...more] = allResultsAt(place, folder);
    if (first !== undefined && more.length === 0) return first;
    const count = more.length + (first === undefined ? 0 : 1);
    throw new CommandError(
        exitCodes.configuration,
        `${place ?? folder} has the results of ${count} runs, expected one; name a document with one run`,
    );
}

/**
 * Finds and reads results. Those of a folder are recomputed from its raw trials, those of a file are used as they are.
 * @param place a run's folder or its id; a file with results as JSON (`results.json`, what `pulumi stack output --json`
 * printed, or a list of them as `hopcost report A B --json` prints it); `-` for that on standard input; by default the newest
 * run
 * @param folder of the runs
 * @throws CommandError (configuration) if there is nothing with that name; ReportError if it was changed, cut off or
 * written by another version
 */
export function allResultsAt(place: string | undefined, folder = resultsFolder): SavedResults[] {
    if (place === "-") return fromText(standardInput(), "standard input");
    const source = place === undefined ? newestRun(folder) : existsSync(place) ? place : join(folder, place);
    const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? true; // loadRun says what is missing
    return isFolder
        ? [{ results: resultsOf(loadRun(source)), source }]
        : fromText(textIn(readFileSync(source)), source);
}

function fromText(text: string, source: string): SavedResults[] {
    return documentsIn(text).map((json) => ({ results: namingUnknown(parseResults(json, { source })), source }));
}

/** The results documents in a text: itself, the elements of a list, or one of the outputs of a stack. */
function documentsIn(text: string): string[] {
    let document: unknown;
    try {
        document = JSON.parse(text);
    } catch {
        return [text]; // parseResults says why
    }
    if (Array.isArray(document)) return document.map((one) => JSON.stringify(one));
    const { results, schemaVersion } = (document ?? {}) as { results?: unknown; schemaVersion?: unknown };
    const isOutputs = schemaVersion === undefined && typeof results === "object" && results !== null;
    return [isOutputs ? JSON.stringify(results) : text];
}

/** Adds a warning that names the fields of another version, which are kept but can't be shown. */
function namingUnknown(results: Results): Results {
    const unknown = Object.keys(results).filter((name) => !(name in Results.properties));
    if (unknown.length === 0) return results;
    const warning = `hopcost ${results.hopcostVersion} also wrote ${unknown.join(", ")}, which this version can't show.`;
    return results.warnings.includes(warning) ? results : { ...results, warnings: [...results.warnings, warning] };
}

function newestRun(folder: string): string {
    const [newest] = runIds(folder);
    if (newest !== undefined) return join(folder, newest);
    throw new CommandError(exitCodes.configuration, `${folder} has no runs yet; measure one with hopcost run`);
}
