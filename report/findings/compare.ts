import { allArms, mainArms } from "../../model/arms.ts";
import type { Changes, Compared, ComparedRun } from "../../model/comparison.ts";
import type { Results } from "../../model/results.ts";
import { changesOf, isSignificant, overallChange } from "../../statistics/change.ts";
import { cellAt, geomeanFigures, quantileFigures, ratioFigures } from "../../statistics/compare-figures.ts";
import { outageChanges, summarizeOutages } from "./compare-scenarios.ts";
import { summarizeChanges } from "./compare-summary.ts";
import { differencesOf } from "./run-differences.ts";

/**
 * Two runs, or two sets of runs, side by side: B relative to A.
 *
 * Pure arithmetic on results; the caller decides by `differences` whether the runs are comparable.
 * @param a one or more runs, like `b`; several count by their mean (`meanOverRuns`)
 */
export function compareRuns(a: readonly Results[], b: readonly Results[]): Compared {
    const runs = [...a, ...b];
    const sides = [a, b] as const;
    const measured = allArms.filter((arm) => runs.some(({ cells }) => cells.some((cell) => cell.arm === arm)));
    const direction = ["faster", "slower"] as const;
    const arms = measured.map((arm) => ({
        arm,
        p50: {
            overall: overallChange(geomeanFigures(sides, arm), direction),
            sizes: changesOf(quantileFigures(sides, arm, "p50", sizesOf(runs, arm)), direction),
        },
        p99: { sizes: changesOf(quantileFigures(sides, arm, "p99", sizesWithP99(runs, arm)), direction) },
    }));
    const p50Of = (wanted: string) => arms.find(({ arm }) => arm === wanted)?.p50;
    const ratio = p50Of(mainArms.network) && p50Of(mainArms.volume) ? ratioChanges(sides) : { sizes: [] };
    const machineMoved = movedTogether(p50Of(mainArms.network), p50Of(mainArms.volume), ratio);
    const changes = { ratio, arms, machineMoved };
    const outages = outageChanges(a, b);
    return {
        schemaVersion: 1,
        summary: [summarizeChanges(changes), ...summarizeOutages(outages)].join(" "),
        a: a.map(comparedRun),
        b: b.map(comparedRun),
        differences: differencesOf(a, b),
        ...changes,
        outages,
        warnings: [...incompleteOnes(a, "A"), ...incompleteOnes(b, "B")],
    };
}

/** The facts of a run that are reported beside its figures. */
export function comparedRun({ runId, startedAt, complete, incompleteReason }: Results): ComparedRun {
    return { runId, startedAt, ...(complete ? {} : { incompleteReason: incompleteReason ?? "no reason given" }) };
}

function ratioChanges(sides: readonly [readonly Results[], readonly Results[]]): Changes {
    const direction = ["lower", "higher"] as const;
    const sizes = sizesOf(sides.flat(), mainArms.network);
    return {
        overall: overallChange(geomeanFigures(sides, mainArms.volume, mainArms.network), direction),
        sizes: changesOf(ratioFigures(sides, sizes), direction),
    };
}

/** Ascending, from all runs. */
function sizesOf(runs: readonly Results[], arm: string): number[] {
    const sizes = runs.flatMap(({ cells }) => cells.filter((cell) => cell.arm === arm).map(({ size }) => size));
    return [...new Set(sizes)].sort((one, other) => one - other);
}

function sizesWithP99(runs: readonly Results[], arm: string): number[] {
    return sizesOf(runs, arm).filter((size) => runs.every((run) => cellAt(run, arm, size)?.p99Seconds !== undefined));
}

/** Whether both main arms are slower, or both faster, over all sizes, while their ratio is neither. */
function movedTogether(network: Changes | undefined, volume: Changes | undefined, ratio: Changes): boolean {
    const [one, other, between] = [network, volume, ratio].map((changes) => changes?.overall?.outcome);
    if (one === undefined || between === undefined || between === "inconclusive") return false;
    return one === other && isSignificant(one) && !isSignificant(between);
}

function incompleteOnes(runs: readonly Results[], side: string): string[] {
    return runs
        .filter(({ complete }) => !complete)
        .map(({ runId, incompleteReason }) => `${side}: run ${runId} is incomplete: ${incompleteReason}`);
}
