import type { OutageChange } from "../../model/comparison.ts";
import type { Results } from "../../model/results.ts";
import { type ScenarioCell, sham } from "../../model/scenarios.ts";
import { durationOf } from "../../statistics/order.ts";
import { enoughInjections, finite, noiseFloorOf, outageChange } from "../../statistics/outage-verdict.ts";
import { shiftInterval, shortSeconds } from "../words/durations.ts";
import {
    isSameTarget,
    judgedCell,
    type ScenarioTarget,
    scenarioTargets,
    tooFew,
    whyWithout,
} from "./scenario-targets.ts";

/** What a comparison says of a scenario on a topology. */
type Change = Omit<OutageChange, keyof ScenarioTarget>;
/** The cell of every run of a side. */
type Side = readonly ScenarioCell[];

/**
 * How the outage of each scenario on each topology changed from A to B. The injections of several runs of a side are taken
 * together. What a run lacks is `inconclusive`, with the reason; what every run with scenarios skipped is left out.
 */
export function outageChanges(a: readonly Results[], b: readonly Results[]): OutageChange[] {
    const runs = [...a, ...b];
    const targets = new Map(
        runs.flatMap(scenarioTargets).map((target) => [`${target.scenario} ${target.topology}`, target]),
    );
    return [...targets.values()]
        .filter((target) => runs.some((run) => wasTried(target, run)))
        .map((target) => ({ ...target, ...changeOf(target, a, b) }));
}

function wasTried(target: ScenarioTarget, { scenarios }: Results): boolean {
    const isSkipped = scenarios?.skipped.some((one) => isSameTarget(one, target)) ?? true;
    return !isSkipped || judgedCell(target, scenarios) !== undefined;
}

function changeOf(target: ScenarioTarget, a: readonly Results[], b: readonly Results[]): Change {
    const [before, after] = [sideOf(target, a, "A"), sideOf(target, b, "B")];
    const known = [before, after].filter((side) => typeof side !== "string");
    const figures = {
        ...(typeof before === "string" ? {} : { a: medianOf(before) }),
        ...(typeof after === "string" ? {} : { b: medianOf(after) }),
        ...(known.length > 0 && {
            watchedSeconds: Math.min(...known.flat().map(({ watchedSeconds }) => watchedSeconds)),
        }),
    };
    if (typeof before === "string" || typeof after === "string") {
        const reason = [before, after].filter((side) => typeof side === "string").join("; ");
        return { ...figures, outcome: "inconclusive", reason };
    }
    const calm = (runs: readonly Results[]) => outagesOf(cellsOf({ ...target, scenario: sham }, runs));
    const rates = [...a, ...b].flatMap(({ scenarios }) => scenarios?.plan.ratePerSecond ?? []);
    const noiseFloor = noiseFloorOf(calm(a), calm(b), Math.min(...rates));
    return {
        ...figures,
        ...outageChange(outagesOf(before), outagesOf(after), noiseFloor),
        noiseFloorSeconds: finite(noiseFloor),
        ...reasonOf(before, after),
    };
}

/** The cells of a side, or why they can't be compared. */
function sideOf(target: ScenarioTarget, runs: readonly Results[], side: string): Side | string {
    for (const { runId, scenarios } of runs) {
        const lacking = `${side}: run ${runId}`;
        if (scenarios === undefined) return `${lacking} has no scenarios`;
        const cell = judgedCell(target, scenarios);
        if (cell === undefined) return `${lacking}: ${whyWithout(target, scenarios)}`;
        if (cell.outages.length === 0) {
            return `${lacking}: the stack output leaves the single injections out; use the run's folder`;
        }
    }
    return cellsOf(target, runs);
}

function cellsOf(target: ScenarioTarget, runs: readonly Results[]): ScenarioCell[] {
    return runs.flatMap(({ scenarios }) => judgedCell(target, scenarios) ?? []);
}

/** Seconds; `Infinity` if censored. */
function outagesOf(cells: Side): number[] {
    return cells.flatMap(({ outages }) => outages.map((seconds) => seconds ?? Number.POSITIVE_INFINITY));
}

function medianOf(cells: Side): number | null {
    return finite(durationOf(outagesOf(cells)).median);
}

/** Why the shift of outages that both sides have, or its interval, is not known. */
function reasonOf(before: Side, after: Side): Pick<Change, "reason"> {
    const few = Object.entries({ A: before, B: after }).flatMap(([side, cells]) => {
        const injections = outagesOf(cells).length;
        return injections < enoughInjections ? [`${side}: ${tooFew(injections)}`] : [];
    });
    if (few.length > 0) return { reason: few.join("; ") };
    const isNeverOver = medianOf(before) === null && medianOf(after) === null;
    return isNeverOver ? { reason: "A and B: not over while it was watched" } : {};
}

/** The outages that changed, and how many did not, in one sentence; none without scenarios. */
export function summarizeOutages(changes: readonly OutageChange[]): string[] {
    if (changes.length === 0) return [];
    const changed = changes.filter(({ outcome }) => outcome === "longer" || outcome === "shorter");
    const counts = (["no difference", "inconclusive"] as const).flatMap((wanted) => {
        const count = changes.filter(({ outcome }) => outcome === wanted).length;
        return count === 0 ? [] : [`${wanted} in ${count} of ${changes.length}`];
    });
    return [`Outages: ${[...changed.map(clause), ...counts].join("; ")}.`];
}

/** `kill-process (network) is longer by 1.2 s (+800 ms to +1.9 s)`. */
function clause({ scenario, topology, outcome, shiftSeconds, interval }: OutageChange): string {
    const by = typeof shiftSeconds === "number" ? ` by ${shortSeconds(Math.abs(shiftSeconds))}` : "";
    const range = interval === undefined ? "-" : shiftInterval(interval);
    return `${scenario} (${topology}) is ${outcome}${by}${range === "-" ? "" : ` (${range})`}`;
}
