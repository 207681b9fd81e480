import { compareRuns } from "../../report/findings/compare.ts";
import { comparedText } from "../../report/formats/compare-text.ts";
import { refuseDifferent, resultsIn } from "../saved/result-sets.ts";
import { asJson } from "../saved/run-folder.ts";
import { exitCodes } from "../terminal/exit.ts";

/** What the user asked for on the command line. */
export interface CompareOptions {
    allowDifferent?: boolean;
    json?: boolean;
}

/**
 * `hopcost compare`: two runs, or two sets of runs, side by side. No cluster is needed.
 * @param a baseline, as for {@link resultsIn}, like `b`; changes are those from `a` to `b`
 * @returns the exit code: 0 even if something changed
 * @throws CommandError (configuration) if a run is missing, or the runs were measured under different conditions;
 * ReportError if files were changed
 */
export function compare(a: string, b: string, { allowDifferent = false, json = false }: CompareOptions): number {
    const [before, after] = [resultsIn(a), resultsIn(b)];
    refuseDifferent(before, after, "A and B", allowDifferent);
    const compared = compareRuns(before, after);
    process.stdout.write(json ? asJson(compared) : comparedText(compared));
    return exitCodes.ok;
}
