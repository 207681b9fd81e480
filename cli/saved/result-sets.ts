import { existsSync } from "node:fs";
import type { Results } from "../../model/results.ts";
import { differencesOf, differencesText } from "../../report/findings/run-differences.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { allResultsAt } from "./find-results.ts";

/**
 * One side of a comparison: a run, or several joined by commas. A comma may be a part of a file's name.
 * @param places each as for {@link allResultsAt}, e.g. `results/a` or `a1,a2,a3`
 * @throws CommandError (configuration) if a place is empty, or the same run appears twice; otherwise as `allResultsAt`
 */
export function resultsIn(places: string): Results[] {
    const names = existsSync(places) ? [places] : places.split(",");
    if (names.some((name) => name.trim() === "")) {
        throw new CommandError(
            exitCodes.configuration,
            `"${places}" must be a run, or several joined by commas, none of them empty, e.g. a1,a2,a3`,
        );
    }
    const found = names.flatMap((name) =>
        allResultsAt(names.length === 1 ? name : name.trim()).map(({ results }) => ({ name: name.trim(), results })),
    );
    const twice = found.find(({ results }, index) =>
        found.slice(0, index).some((other) => isSameRun(results, other.results)),
    );
    if (twice !== undefined) {
        throw new CommandError(
            exitCodes.configuration,
            `"${places}" contains the run of ${twice.name} twice; name different runs`,
        );
    }
    return found.map(({ results }) => results);
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
