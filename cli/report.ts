import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { resultsText } from "../report/text.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { resultsFolder } from "./project.ts";
import { asJson, loadRun, resultsOf } from "./run-folder.ts";

/**
 * `hopcost report`: computes the results of a saved run again, from its raw blocks, and shows them. No cluster is needed.
 * @param run folder of the run, or the run's id; by default the newest in `results/`
 * @returns the exit code
 * @throws CommandError (configuration) where there is no such run; ReportError where its files were changed
 */
export function report(run: string | undefined, { json }: { json?: boolean }): number {
    const results = resultsOf(loadRun(folderOf(run)));
    process.stdout.write(json ? asJson(results) : resultsText(results));
    return exitCodes.ok;
}

function folderOf(run: string | undefined): string {
    if (run !== undefined) return existsSync(run) ? run : join(resultsFolder, run);
    const newest = existsSync(resultsFolder) ? readdirSync(resultsFolder).sort().at(-1) : undefined;
    if (newest !== undefined) return join(resultsFolder, newest);
    throw new CommandError(exitCodes.configuration, `${resultsFolder} holds no run yet; measure one with hopcost run`);
}
