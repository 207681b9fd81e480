import type { Results } from "../../model/results.ts";
import { differencesOf, differencesText } from "../../report/findings/run-differences.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { resultsAt } from "./find-results.ts";

/**
 * One side of a comparison: a run, or several joined by commas.
 * @param places each as for {@link resultsAt}, e.g. `results/a` or `a1,a2,a3`
 * @throws CommandError (configuration) where a place is empty, or the same run is there twice; otherwise as `resultsAt`
 */
export function resultsIn(places: string): Results[] {
    const names = places.split(",");
    if (names.some((name) => name.trim() === "")) {
        throw new CommandError(
            exitCodes.configuration,
            `"${places}" must be a run, or several joined by commas without an empty one, e.g. a1,a2,a3`,
        );
    }
    const runs = names.map((name) => resultsAt(name.trim()).results);
    const twice = names[runs.findIndex((run, index) => runs.slice(0, index).some((other) => isSameRun(run, other)))];
    if (twice !== undefined) {
        throw new CommandError(
            exitCodes.configuration,
            `"${places}" has the run of ${twice.trim()} twice; a run counts once, name different ones`,
        );
    }
    return runs;
}

/**
 * Whether both are of one run. Ids alone repeat (plain `pulumi up` has 1), and contents differ: a stack output has less of a
 * run than its folder.
 */
export function isSameRun(one: Results, other: Results): boolean {
    return one.runId === other.runId && one.startedAt === other.startedAt;
}

/**
 * Refuses to compare what was not measured alike: within a side and between both.
 * @param sides what A and B are called, e.g. `A and B`
 * @param allowed the user has said that they want it nevertheless
 * @throws CommandError (configuration) that lists each differing field with both values
 */
export function refuseDifferent(a: readonly Results[], b: readonly Results[], sides: string, allowed: boolean): void {
    const differences = allowed ? [] : differencesOf(a, b);
    if (differences.length === 0) return;
    const sentence = `${sides} were not measured alike, so that a change may come from something else than is looked for:`;
    throw new CommandError(
        exitCodes.configuration,
        `${differencesText(sentence, differences)}\nMeasure both alike, or compare them nevertheless with --allow-different`,
    );
}
