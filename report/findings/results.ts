import { isMain } from "../../model/arms.ts";
import { schemaVersion } from "../../model/fields.ts";
import type { Mode, Plan } from "../../model/plan.ts";
import type { Results } from "../../model/results.ts";
import type { Block } from "../../model/trial.ts";
import { givenUp, requiredBlocks, trialName } from "../../statistics/adaptive.ts";
import { attributionsOf } from "../../statistics/attribution.ts";
import { cellOf, openLoopOf, phasesOf, throughputOf } from "../../statistics/cells.ts";
import { comparisonsOf, ratiosOf } from "../../statistics/comparisons.ts";
import { crossoverOf } from "../../statistics/crossover.ts";
import { estimatesOf } from "../../statistics/estimate.ts";
import { levelOf } from "../../statistics/level.ts";
import { metricsOf } from "../../statistics/metrics.ts";
import { closedLoopSizes } from "../../statistics/schedule.ts";
import { collectTrials, finalBlocks, type Trial, trialsOf } from "../../statistics/trials.ts";
import { environmentOf, throttledSecondsOf } from "./environment.ts";
import { summarize } from "./summary.ts";
import { warningsOf } from "./warnings.ts";

/** Results have to stay small, whatever an error message holds. */
const reasonLength = 2000;

/** Everything that decides the results. */
export interface Measurements {
    plan: Plan;
    /** The journal of the run, in any order; of each index the last attempt counts. */
    blocks: readonly Block[];
    /** What kept the run from finishing, where its journal does not tell, e.g. `the deadline passed`. */
    stopReason?: string | undefined;
}

/**
 * The results of a run from its journal; the same measurements give byte-identical JSON, in whatever order they come.
 * `startedAt` is that of the earliest block, empty where there is none.
 * @throws ReportError if a journal entry contradicts itself or another one; names the block
 */
export function aggregate({ plan, blocks: journal, stopReason }: Measurements): Results {
    const blocks = finalBlocks(journal);
    const trials = collectTrials(blocks);
    const estimates = estimatesOf(trials, plan.seed);
    const shown = planShown(plan);
    const { arms, sizes } = shown;
    const allSizes = ascending([...new Set([...sizes, ...shown.controlSizes])]);
    const comparisons = comparisonsOf(arms, allSizes, estimates);
    const ratios = ratiosOf(sizes, estimates, comparisons);
    const crossover = crossoverOf(ratios);
    const metrics = metricsOf(blocks);
    const mainCells = <T>(mode: Mode, figure: (ofCell: readonly Trial[]) => T | undefined): T[] =>
        arms
            .filter(isMain)
            .flatMap((arm) => sizes.flatMap((size) => figure(trialsOf(trials, { arm, mode, size })) ?? []));
    const results: Omit<Results, "summary"> = {
        schemaVersion,
        runId: plan.runId,
        ...completion(plan, blocks, stopReason?.slice(0, reasonLength)),
        startedAt: blocks.map(({ startedAt }) => startedAt).sort()[0] ?? "",
        plan: shown,
        cells: arms.flatMap((arm) =>
            ascending(closedLoopSizes(arm, plan)).flatMap(
                (size) => cellOf(trialsOf(trials, { arm, mode: "closed-loop", size }), estimates) ?? [],
            ),
        ),
        levels: arms.flatMap((arm) => levelOf(arm, closedLoopSizes(arm, plan), trials) ?? []),
        ratios,
        ...(crossover === undefined ? {} : { crossover }),
        comparisons,
        attributions: attributionsOf(allSizes, estimates),
        phases: mainCells("phases", phasesOf),
        openLoop: mainCells("open-loop", openLoopOf),
        throughput: mainCells("throughput", throughputOf),
        unavailable: unavailableArms(plan, blocks),
        ...(metrics === undefined ? {} : { metrics }),
        throttledSeconds: throttledSecondsOf(blocks),
        environment: environmentOf(blocks, plan),
        warnings: [],
    };
    const warnings = warningsOf(results, blocks, trials);
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
        controlSizes: ascending(plan.controlSizes),
        repeatSizes: ascending(plan.repeatSizes),
        diagnostics: {
            ...plan.diagnostics,
            phaseSizes: ascending(plan.diagnostics.phaseSizes),
            openLoopSizes: ascending(plan.diagnostics.openLoopSizes),
            throughputSizes: ascending(plan.diagnostics.throughputSizes),
        },
    };
}

/** Whether the run did all that it should, why not, and how many blocks came of it. */
function completion(
    plan: Plan,
    blocks: readonly Block[],
    given: string | undefined,
): Pick<Results, "complete" | "stopReason" | "incompleteReason" | "blocks"> {
    const gone = givenUp(blocks);
    const offered = blocks.filter(({ state }) => state !== "unavailable");
    const done = new Set(offered.map(trialName));
    // What the cluster can't offer is not missing; it is listed as unavailable.
    const planned = requiredBlocks(plan, blocks).filter(
        (block) => done.has(trialName(block)) || gone.get(block.arm)?.state !== "unavailable",
    );
    const missing = planned.filter((block) => !done.has(trialName(block)) && !gone.has(block.arm));
    const failed = [...gone.values()].filter(({ state }) => state === "void");
    const lacking = unavailableArms(plan, blocks).filter(({ arm }) => isMain(arm));
    const reasons = [
        ...(given === undefined ? [] : [given]),
        ...failed.map(({ arm, reasons }) => `${arm} was given up: ${reasons.join("; ") || "no reason given"}`),
        ...lacking.map(({ arm, reason }) => `${arm} can't be measured here: ${reason}`),
        ...(missing.length === 0 ? [] : [`${missing.length} of ${planned.length} blocks were not measured`]),
    ];
    const count = (state: Block["state"]) => blocks.filter((block) => block.state === state).length;
    return {
        complete: reasons.length === 0,
        ...(given === undefined ? {} : { stopReason: given }),
        ...(reasons.length === 0 ? {} : { incompleteReason: reasons.join("; ").slice(0, reasonLength) }),
        blocks: {
            ok: count("ok"),
            disturbed: count("disturbed"),
            void: count("void"),
            planned: planned.length,
        },
    };
}

/** What this stack or this cluster can't offer, by arm. */
function unavailableArms(plan: Plan, blocks: readonly Block[]): Results["unavailable"] {
    const onCluster = [...givenUp(blocks).values()]
        .filter(({ state }) => state === "unavailable")
        .map(({ arm, reasons }) => ({ arm, reason: reasons.join("; ").slice(0, reasonLength) || "no reason given" }));
    return [...plan.unavailable, ...onCluster].sort((one, other) => (one.arm < other.arm ? -1 : 1));
}

function ascending(values: readonly number[]): number[] {
    return values.toSorted((one, other) => one - other);
}
