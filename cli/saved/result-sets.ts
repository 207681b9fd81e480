import type { Results } from "../../model/results.ts";
import { differencesOf, differencesText } from "../../report/findings/run-differences.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { resultsAt } from "./find-results.ts";

/**
 * One side of a comparison: a run, or several joined by commas.
 * @param places each as for {@link resultsAt}, e.g. `results/a` or `a1,a2,a3`
 * @throws CommandError (configuration) if a place is empty, or the same run appears twice; otherwise as `resultsAt`
 */
export function resultsIn(places: string): Results[] {
    const names = places.split(",");
    if (names.some((name) => name.trim() === "")) {
        throw new CommandError(
            exitCodes.configuration,
            `"${places}" must be a run, or several joined by commas, none of them empty, e.g. a1,a2,a3`,
        );
    }
    const runs = names.map((name) => resultsAt(name.trim()).results);
    const twice = names[runs.findIndex((run, index) => runs.slice(0, index).some((other) => isSameRun(run, other)))];
    if (twice !== undefined) {
        throw new CommandError(
            exitCodes.configuration,
            `"${places}" contains the run of ${twice.trim()} twice; name different runs`,
        );
    }
    return runs;
}

/**
 * Whether both are the same run. Ids can repeat (plain `pulumi up` always uses 1), and contents can differ: a stack output
 * has less of a run than its folder.
 */
export function isSameRun(one: Results, other: Results): boolean {
    return one.runId === other.runId && one.startedAt === other.startedAt;
}

/**
 * Refuses to compare runs measured under different conditions, within a side or between both.
 * @param sides the names of A and B, e.g. `A and B`
 * @param allowed whether the user wants the comparison anyway
 * @throws CommandError (configuration) that lists each differing field with both values
 */
export function refuseDifferent(a: readonly Results[], b: readonly Results[], sides: string, allowed: boolean): void {
    const differences = allowed ? [] : differencesOf(a, b);
    if (differences.length === 0) return;
    const sentence = `${sides} were measured under different conditions, so a change may come from these differences:`;
    throw new CommandError(
        exitCodes.configuration,
        `${differencesText(sentence, differences)}\nMeasure both under the same conditions, or compare them anyway with --allow-different`,
    );
}
