import { Value } from "@sinclair/typebox/value";
import { isMain } from "../../model/arms.ts";
import { schemaVersion } from "../../model/fields.ts";
import type { Mode, Plan, PlanCells } from "../../model/plan.ts";
import { armsOf, closedLoopSizes, mainSizes, modes, sizesOf } from "../../model/plan.ts";
import { Results } from "../../model/results.ts";
import type { Injection } from "../../model/scenarios.ts";
import type { Trial } from "../../model/trial.ts";
import { givenUp, requiredTrials, trialKey } from "../../statistics/adaptive.ts";
import { attributionsOf } from "../../statistics/attribution.ts";
import { cellOf, constantRateOf, otherModeOf, phasesOf, throughputOf } from "../../statistics/cells.ts";
import { comparisonsOf, ratiosOf } from "../../statistics/comparisons.ts";
import { crossoverOf } from "../../statistics/crossover.ts";
import { estimatesOf } from "../../statistics/estimate.ts";
import { geomeanOf } from "../../statistics/geomean.ts";
import { metricsOf } from "../../statistics/metrics.ts";
import { type CellTrial, collectTrials, finalTrials, trialsOf } from "../../statistics/trials.ts";
import { environmentOf, throttledSecondsOf } from "./environment.ts";
import { injectionSums } from "./injection-counts.ts";
import { scenarioResultsOf } from "./scenarios.ts";
import { summarize } from "./summary.ts";
import { warningsOf } from "./warnings.ts";

/** Keeps the results small, however long an error message is. */
const reasonLength = 2000;

/** Everything that decides the results. */
export interface Measurements {
    plan: Plan;
    /** The journal of the run, in any order; the last attempt of each index counts. */
    trials: readonly Trial[];
    /** The injections of the journal, in any order; the last entry of each index counts. @default none */
    injections?: readonly Injection[];
    /** What stopped the run, if its journal doesn't show it, e.g. `the deadline passed`. */
    stopReason?: string | undefined;
}

/**
 * The results of a run from its journal; the same measurements give byte-identical JSON, in any order.
 * `startedAt` is that of the earliest trial, empty if there is none.
 * @throws ReportError if a journal entry contradicts itself or another one; names the trial
 */
export function aggregate({ plan, trials: journal, injections = [], stopReason }: Measurements): Results {
    const trials = finalTrials(journal);
    const cellTrials = collectTrials(trials);
    const estimates = estimatesOf(cellTrials, plan.seed);
    const shown = planShown(plan);
    const arms = armsOf(shown);
    const allSizes = closedLoopSizes(shown);
    const comparisons = comparisonsOf(arms, allSizes, estimates);
    const ratios = ratiosOf(mainSizes(shown), estimates, comparisons);
    const crossover = crossoverOf(ratios);
    const metrics = metricsOf(trials);
    const scenarios = plan.scenarios === undefined ? undefined : scenarioResultsOf(plan.scenarios, injections);
    const figuresOf = <T>(cells: PlanCells[], figure: (ofCell: readonly CellTrial[]) => T | undefined): T[] =>
        cells.flatMap(({ arm, mode, sizes }) =>
            sizes.flatMap((size) => figure(trialsOf(cellTrials, { arm, mode, size })) ?? []),
        );
    const inMode = <T>(wanted: Mode, figure: (ofCell: readonly CellTrial[]) => T | undefined): T[] =>
        figuresOf(
            shown.cells.filter(({ mode }) => mode === wanted),
            figure,
        );
    // Modes that only another version knows: the figures that all modes have.
    const otherModes = figuresOf(
        shown.cells.filter(({ mode }) => !(modes as readonly string[]).includes(mode)),
        otherModeOf,
    );
    const results: Omit<Results, "summary"> = {
        schemaVersion,
        hopcostVersion: plan.hopcostVersion,
        runId: plan.runId,
        ...completion({ plan, trials, scenarios, stopReason: stopReason?.slice(0, reasonLength) }),
        startedAt: trials.map(({ startedAt }) => startedAt).sort()[0] ?? "",
        plan: shown,
        cells: inMode("closed-loop", (ofCell) => cellOf(ofCell, estimates)),
        geomeans: arms.flatMap((arm) => geomeanOf(arm, sizesOf(shown, arm), cellTrials) ?? []),
        ratios,
        ...(crossover === undefined ? {} : { crossover }),
        comparisons,
        attributions: attributionsOf(allSizes, estimates),
        phases: inMode("phases", phasesOf),
        constantRate: inMode("constant-rate", constantRateOf),
        throughput: inMode("throughput", throughputOf),
        ...(otherModes.length === 0 ? {} : { otherModes }),
        ...(scenarios === undefined ? {} : { scenarios }),
        unavailable: unavailableArms(plan, trials),
        ...(metrics === undefined ? {} : { metrics }),
        throttledSeconds: throttledSecondsOf(trials),
        environment: environmentOf(trials, plan),
        warnings: [],
    };
    const warnings = warningsOf(results, trials, cellTrials);
    return { ...results, summary: summarize(results), warnings };
}

/** The plan as it appears in the results: arms and sizes ascending. */
function planShown(plan: Plan): Results["plan"] {
    const { cells, ...shown } = Value.Clean(Results.properties.plan, structuredClone(plan)) as Results["plan"];
    const sorted = cells.map((cell) => ({ ...cell, sizes: ascending(cell.sizes) }));
    return { ...shown, cells: sorted.sort((one, other) => (one.arm < other.arm ? -1 : one.arm > other.arm ? 1 : 0)) };
}

/** Whether the run is complete, why not, and its number of trials by state. */
function completion({
    plan,
    trials,
    scenarios,
    stopReason: given,
}: Pick<Measurements, "plan" | "trials" | "stopReason"> & { scenarios: Results["scenarios"] }): Pick<
    Results,
    "complete" | "stopReason" | "incompleteReason" | "trials"
> {
    const gone = givenUp(trials);
    const offered = trials.filter(({ state }) => state !== "unavailable");
    const done = new Set(offered.map(trialKey));
    // What the cluster doesn't offer is not missing but listed as unavailable.
    const planned = requiredTrials(plan, trials).filter(
        (trial) => done.has(trialKey(trial)) || gone.get(trial.arm)?.state !== "unavailable",
    );
    const missing = planned.filter((trial) => !done.has(trialKey(trial)) && !gone.has(trial.arm));
    const failed = [...gone.values()].filter(({ state }) => state === "discarded");
    const lacking = unavailableArms(plan, trials).filter(({ arm }) => isMain(arm));
    const injected = scenarios === undefined ? { planned: 0, made: 0 } : injectionSums(scenarios);
    const reasons = [
        ...(given === undefined ? [] : [given]),
        ...failed.map(({ arm, reasons }) => `${arm} was given up: ${reasons.join("; ") || "no reason given"}`),
        ...lacking.map(({ arm, reason }) => `${arm} can't be measured here: ${reason}`),
        ...(missing.length === 0 ? [] : [`${missing.length} of ${planned.length} trials were not measured`]),
        ...(injected.made === injected.planned
            ? []
            : [`${injected.planned - injected.made} of ${injected.planned} injections were not made`]),
    ];
    const count = (state: Trial["state"]) => trials.filter((trial) => trial.state === state).length;
    return {
        complete: reasons.length === 0,
        ...(given === undefined ? {} : { stopReason: given }),
        ...(reasons.length === 0 ? {} : { incompleteReason: reasons.join("; ").slice(0, reasonLength) }),
        trials: {
            ok: count("ok"),
            noisy: count("noisy"),
            discarded: count("discarded"),
            planned: planned.length,
        },
    };
}

/** Arms that this stack or cluster doesn't offer. */
function unavailableArms(plan: Plan, trials: readonly Trial[]): Results["unavailable"] {
    const onCluster = [...givenUp(trials).values()]
        .filter(({ state }) => state === "unavailable")
        .map(({ arm, reasons }) => ({ arm, reason: reasons.join("; ").slice(0, reasonLength) || "no reason given" }));
    return [...plan.unavailable, ...onCluster].sort((one, other) => (one.arm < other.arm ? -1 : 1));
}

function ascending(values: readonly number[]): number[] {
    return values.toSorted((one, other) => one - other);
}
