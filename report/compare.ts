import { type Arm, allArms, mainArms } from "./arms.ts";
import { changesOf, isSignificant, type SizeFigures } from "./change.ts";
import { summarizeChanges } from "./compare-summary.ts";
import type { Changes, Compared, ComparedRun } from "./compared-schema.ts";
import { estimateFrom, type LogFigure, logFigureOf } from "./log-figure.ts";
import { differencesOf } from "./run-differences.ts";
import type { Cell, Results } from "./schema.ts";

/** A figure of one run at one size, or why it has none that can be compared. */
type Figure = (run: Results, size: number) => LogFigure | string;

/**
 * Two runs, or two sets of runs, side by side: B relative to A.
 *
 * Pure arithmetic on results; whether the runs may be compared at all is for the caller to decide by `differences`.
 * @param a at least one run; of several the mean counts ({@link meanOverRuns})
 */
export function compareRuns(a: readonly Results[], b: readonly Results[]): Compared {
    const runs = [...a, ...b];
    const measured = allArms.filter((arm) => runs.some(({ cells }) => cells.some((cell) => cell.arm === arm)));
    const figures = (figure: Figure, sizes: readonly number[]): SizeFigures[] =>
        sizes.map((size) => {
            const of = (side: readonly Results[]) => side.map((run) => figure(run, size));
            return { size, a: of(a), b: of(b) };
        });
    const arms = measured.map((arm) => ({
        arm,
        p50: changesOf(figures(quantile(arm, "p50"), sizesOf(runs, arm)), ["faster", "slower"]),
        p99: changesOf(figures(quantile(arm, "p99"), sizesWithP99(runs, arm)), ["faster", "slower"]),
    }));
    const bothMeasured = Object.values(mainArms).every((arm) => measured.includes(arm));
    const ratioSizes = bothMeasured ? sizesOf(runs, mainArms.network) : [];
    const ratio = changesOf(figures(ratioFigure, ratioSizes), ["lower", "higher"]);
    const p50Of = (wanted: Arm) => arms.find(({ arm }) => arm === wanted)?.p50;
    const changes = {
        ratio,
        arms,
        machineMoved: movedTogether(p50Of(mainArms.network), p50Of(mainArms.volume), ratio),
    };
    return {
        schemaVersion: 1,
        summary: summarizeChanges(changes),
        a: a.map(comparedRun),
        b: b.map(comparedRun),
        differences: differencesOf(a, b),
        ...changes,
        warnings: warningsOf(a, b),
    };
}

const quantile =
    (arm: Arm, name: "p50" | "p99"): Figure =>
    (run, size) => {
        const estimate = estimateOf(run, arm, size, name);
        return typeof estimate === "string" ? estimate : (logFigureOf(estimate) as LogFigure);
    };

const ratioFigure: Figure = (run, size) => {
    const network = estimateOf(run, mainArms.network, size, "p50");
    const volume = estimateOf(run, mainArms.volume, size, "p50");
    if (typeof network === "string") return network;
    if (typeof volume === "string") return volume;
    return logFigureOf(volume, network) as LogFigure;
};

/** A quantile with its variance; why there is none, where there is none: it is never guessed. */
function estimateOf(run: Results, arm: Arm, size: number, name: "p50" | "p99") {
    const where = `${arm} of run ${run.runId}`;
    const cell = cellOf(run, arm, size);
    if (cell === undefined) return `${where} was not measured at this size`;
    const estimate = estimateFrom(cell, name);
    if (estimate === undefined) return `${where} has no ${name} for lack of round trips`;
    if (estimate.logVariance !== undefined) return estimate;
    if (cell.trials < 2) return `${where} has 1 trial, which tells no interval`;
    return `${where} was written before intervals were kept; take the run's folder instead of its results`;
}

function cellOf({ cells }: Results, arm: Arm, size: number): Cell | undefined {
    return cells.find((cell) => cell.arm === arm && cell.size === size);
}

/** Ascending, of all runs. */
function sizesOf(runs: readonly Results[], arm: Arm): number[] {
    const sizes = runs.flatMap(({ cells }) => cells.filter((cell) => cell.arm === arm).map(({ size }) => size));
    return [...new Set(sizes)].sort((one, other) => one - other);
}

function sizesWithP99(runs: readonly Results[], arm: Arm): number[] {
    return sizesOf(runs, arm).filter((size) => runs.every((run) => cellOf(run, arm, size)?.p99Seconds !== undefined));
}

/** Both main arms are called slower, or both faster, over all sizes, and their ratio is called neither. */
function movedTogether(network: Changes | undefined, volume: Changes | undefined, ratio: Changes): boolean {
    const [one, other] = [network?.overall?.outcome, volume?.overall?.outcome];
    if (one === undefined || ratio.overall === undefined) return false;
    return one === other && isSignificant(one) && !isSignificant(ratio.overall.outcome);
}

/** What is told of a run beside its figures. */
export function comparedRun({ runId, startedAt, complete, incompleteReason }: Results): ComparedRun {
    return { runId, startedAt, ...(complete ? {} : { incompleteReason: incompleteReason ?? "no reason given" }) };
}

function warningsOf(a: readonly Results[], b: readonly Results[]): string[] {
    const ofSide = (runs: readonly Results[], side: string) =>
        runs
            .filter(({ complete }) => !complete)
            .map(({ runId, incompleteReason }) => `${side}: run ${runId} is incomplete: ${incompleteReason}`);
    return [...ofSide(a, "A"), ...ofSide(b, "B")];
}
