import { mainArms } from "./arms.ts";
import { cellOf, collectTrials, finalBlocks, trialsOf } from "./cells.ts";
import { throttledSecondsOf } from "./environment.ts";
import type { Plan } from "./plan.ts";
import { medianRatio } from "./ratio.ts";
import { type Block, type Environment, type Ratio, type Results, schemaVersion } from "./schema.ts";
import { summarize } from "./summary.ts";
import { rounded } from "./units.ts";
import { crossoverOf, verdictOf } from "./verdict.ts";
import { warningsOf } from "./warnings.ts";

/** Results have to stay small, whatever an error message holds. */
const reasonLength = 2000;

export { environmentOf } from "./environment.ts";

/** Everything that decides the results; the same measurements give byte-identical JSON, in whatever order. */
export interface Measurements {
    plan: Plan;
    /** The journal of the run, in any order; of each index the last attempt counts. */
    blocks: readonly Block[];
    /** See {@link environmentOf}. */
    environment: Environment;
    /** When the run started, RFC 3339; for people. */
    startedAt: string;
    /** Whether every planned block was executed. */
    complete: boolean;
    /** Why not, where it is not. */
    incompleteReason?: string | undefined;
}

/**
 * The results of a run from its journal.
 * @throws ReportError if a journal entry contradicts itself or another one; names the block
 */
export function aggregate(measurements: Measurements): Results {
    const { plan, environment, startedAt, complete, incompleteReason } = measurements;
    const { profile, seed, rounds, cellSeconds, warmupSeconds, warmupRoundTrips } = plan;
    const arms = plan.arms.toSorted();
    const sizes = plan.sizes.toSorted((one, other) => one - other);
    const blocks = finalBlocks(measurements.blocks);
    const trials = collectTrials(blocks);
    const cells = arms.flatMap((arm) => sizes.flatMap((size) => cellOf(trialsOf(trials, arm, size)) ?? []));
    const ratios = sizes.flatMap((size): Ratio[] => {
        const [network, volume] = [mainArms.network, mainArms.volume].map((arm) =>
            trialsOf(trials, arm, size).map(({ histogram }) => histogram),
        );
        const ratio = medianRatio(network ?? [], volume ?? [], (seed + size) >>> 0);
        return ratio === undefined ? [] : [{ size, ...ratio, verdict: verdictOf(ratio.interval) }];
    });
    const crossover = crossoverOf(ratios);
    const throttled = throttledSecondsOf(blocks);
    const count = (state: Block["state"]) => blocks.filter((block) => block.state === state).length;
    const results: Omit<Results, "summary"> = {
        schemaVersion,
        runId: plan.runId,
        complete,
        ...(incompleteReason === undefined ? {} : { incompleteReason: incompleteReason.slice(0, reasonLength) }),
        startedAt,
        plan: { profile, seed, rounds, cellSeconds, warmupSeconds, warmupRoundTrips, arms, sizes },
        cells,
        ratios,
        ...(crossover === undefined ? {} : { crossover }),
        blocks: { ok: count("ok"), disturbed: count("disturbed"), void: count("void"), planned: rounds * arms.length },
        throttledSeconds: typeof throttled === "number" ? rounded(throttled) : throttled,
        environment,
        warnings: [],
    };
    const warnings = warningsOf(results, blocks, trials);
    return { ...results, summary: summarize(results), warnings };
}
