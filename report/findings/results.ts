import { isMain } from "../../model/arms.ts";
import { schemaVersion } from "../../model/fields.ts";
import type { Mode, Plan } from "../../model/plan.ts";
import type { Results } from "../../model/results.ts";
import type { Trial } from "../../model/trial.ts";
import { givenUp, requiredTrials, trialKey } from "../../statistics/adaptive.ts";
import { attributionsOf } from "../../statistics/attribution.ts";
import { cellOf, constantRateOf, phasesOf, throughputOf } from "../../statistics/cells.ts";
import { comparisonsOf, ratiosOf } from "../../statistics/comparisons.ts";
import { crossoverOf } from "../../statistics/crossover.ts";
import { estimatesOf } from "../../statistics/estimate.ts";
import { geomeanOf } from "../../statistics/geomean.ts";
import { metricsOf } from "../../statistics/metrics.ts";
import { closedLoopSizes } from "../../statistics/schedule.ts";
import { type CellTrial, collectTrials, finalTrials, trialsOf } from "../../statistics/trials.ts";
import { environmentOf, throttledSecondsOf } from "./environment.ts";
import { summarize } from "./summary.ts";
import { warningsOf } from "./warnings.ts";

/** Results have to stay small, whatever an error message holds. */
const reasonLength = 2000;

/** Everything that decides the results. */
export interface Measurements {
    plan: Plan;
    /** The journal of the run, in any order; of each index the last attempt counts. */
    trials: readonly Trial[];
    /** What kept the run from finishing, where its journal does not tell, e.g. `the deadline passed`. */
    stopReason?: string | undefined;
}

/**
 * The results of a run from its journal; the same measurements give byte-identical JSON, in whatever order they come.
 * `startedAt` is that of the earliest trial, empty where there is none.
 * @throws ReportError if a journal entry contradicts itself or another one; names the trial
 */
export function aggregate({ plan, trials: journal, stopReason }: Measurements): Results {
    const trials = finalTrials(journal);
    const cellTrials = collectTrials(trials);
    const estimates = estimatesOf(cellTrials, plan.seed);
    const shown = planShown(plan);
    const { arms, sizes } = shown;
    const allSizes = ascending([...new Set([...sizes, ...shown.ablationSizes])]);
    const comparisons = comparisonsOf(arms, allSizes, estimates);
    const ratios = ratiosOf(sizes, estimates, comparisons);
    const crossover = crossoverOf(ratios);
    const metrics = metricsOf(trials);
    const mainCells = <T>(mode: Mode, figure: (ofCell: readonly CellTrial[]) => T | undefined): T[] =>
        arms
            .filter(isMain)
            .flatMap((arm) => sizes.flatMap((size) => figure(trialsOf(cellTrials, { arm, mode, size })) ?? []));
    const results: Omit<Results, "summary"> = {
        schemaVersion,
        runId: plan.runId,
        ...completion(plan, trials, stopReason?.slice(0, reasonLength)),
        startedAt: trials.map(({ startedAt }) => startedAt).sort()[0] ?? "",
        plan: shown,
        cells: arms.flatMap((arm) =>
            ascending(closedLoopSizes(arm, plan)).flatMap(
                (size) => cellOf(trialsOf(cellTrials, { arm, mode: "closed-loop", size }), estimates) ?? [],
            ),
        ),
        geomeans: arms.flatMap((arm) => geomeanOf(arm, closedLoopSizes(arm, plan), cellTrials) ?? []),
        ratios,
        ...(crossover === undefined ? {} : { crossover }),
        comparisons,
        attributions: attributionsOf(allSizes, estimates),
        phases: mainCells("phases", phasesOf),
        constantRate: mainCells("constant-rate", constantRateOf),
        throughput: mainCells("throughput", throughputOf),
        unavailable: unavailableArms(plan, trials),
        ...(metrics === undefined ? {} : { metrics }),
        throttledSeconds: throttledSecondsOf(trials),
        environment: environmentOf(trials, plan),
        warnings: [],
    };
    const warnings = warningsOf(results, trials, cellTrials);
    return { ...results, summary: summarize(results), warnings };
}

function planShown(plan: Plan): Results["plan"] {
    const { profile, seed, payload, rounds, maxRounds, targetHalfWidth } = plan;
    const { cellSeconds, cellRoundTrips, warmupSeconds, warmupRoundTrips } = plan;
    return {
        ...{ profile, seed, payload, rounds, maxRounds, targetHalfWidth },
        ...{ cellSeconds, cellRoundTrips, warmupSeconds, warmupRoundTrips },
        arms: plan.arms.toSorted(),
        sizes: ascending(plan.sizes),
        ablationSizes: ascending(plan.ablationSizes),
        repeatSizes: ascending(plan.repeatSizes),
        diagnostics: {
            ...plan.diagnostics,
            phaseSizes: ascending(plan.diagnostics.phaseSizes),
            constantRateSizes: ascending(plan.diagnostics.constantRateSizes),
            throughputSizes: ascending(plan.diagnostics.throughputSizes),
        },
    };
}

/** Whether the run did all that it should, why not, and how many trials came of it. */
function completion(
    plan: Plan,
    trials: readonly Trial[],
    given: string | undefined,
): Pick<Results, "complete" | "stopReason" | "incompleteReason" | "trials"> {
    const gone = givenUp(trials);
    const offered = trials.filter(({ state }) => state !== "unavailable");
    const done = new Set(offered.map(trialKey));
    // What the cluster can't offer is not missing; it is listed as unavailable.
    const planned = requiredTrials(plan, trials).filter(
        (trial) => done.has(trialKey(trial)) || gone.get(trial.arm)?.state !== "unavailable",
    );
    const missing = planned.filter((trial) => !done.has(trialKey(trial)) && !gone.has(trial.arm));
    const failed = [...gone.values()].filter(({ state }) => state === "discarded");
    const lacking = unavailableArms(plan, trials).filter(({ arm }) => isMain(arm));
    const reasons = [
        ...(given === undefined ? [] : [given]),
        ...failed.map(({ arm, reasons }) => `${arm} was given up: ${reasons.join("; ") || "no reason given"}`),
        ...lacking.map(({ arm, reason }) => `${arm} can't be measured here: ${reason}`),
        ...(missing.length === 0 ? [] : [`${missing.length} of ${planned.length} trials were not measured`]),
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

/** What this stack or this cluster can't offer, by arm. */
function unavailableArms(plan: Plan, trials: readonly Trial[]): Results["unavailable"] {
    const onCluster = [...givenUp(trials).values()]
        .filter(({ state }) => state === "unavailable")
        .map(({ arm, reasons }) => ({ arm, reason: reasons.join("; ").slice(0, reasonLength) || "no reason given" }));
    return [...plan.unavailable, ...onCluster].sort((one, other) => (one.arm < other.arm ? -1 : 1));
}

function ascending(values: readonly number[]): number[] {
    return values.toSorted((one, other) => one - other);
}
