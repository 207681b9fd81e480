import { resultsText } from "../report/text.ts";
import { exitCodes } from "./exit.ts";
import { resultsAt } from "./find-results.ts";
import { asJson } from "./run-folder.ts";

/**
 * `hopcost report`: the results of a saved run, computed again from its raw blocks where they are there. No cluster is
 * needed.
 * @param run as for {@link resultsAt}
 * @returns the exit code
 * @throws CommandError (configuration) where there is no such run; ReportError where its files were changed
 */
export function report(run: string | undefined, { json }: { json?: boolean }): number {
    const { results } = resultsAt(run);
    process.stdout.write(json ? asJson(results) : resultsText(results));
    return exitCodes.ok;
}
