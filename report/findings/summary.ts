import { isMain, mainArms } from "../../model/arms.ts";
import { hasBothMainArms, mainSizes } from "../../model/plan.ts";
import type { Ratio, Results, Verdict } from "../../model/results.ts";
import { formatAbout, formatSize } from "../../model/sizes.ts";
import { type Run, runsOf } from "../../statistics/verdict.ts";
import { plural } from "../words/sentences.ts";
import { formatFactor } from "../words/units.ts";
import { explain } from "./explanation.ts";
import { injectionSums } from "./injection-counts.ts";

const short = { network: "the ClusterIP hop", volume: "the shared volume" } as const;
const named = {
    network: `${short.network} (${mainArms.network})`,
    volume: `${short.volume} (${mainArms.volume})`,
} as const;
/** If there are more sizes, they are counted, not listed. */
const listed = 4;

/** The verdict of the steady state, then what scenarios did, if the run has any: a sentence each. */
export function summarize(results: Omit<Results, "summary">): string {
    const sentences = [summarizeSteadyState(results), results.scenarios?.summary];
    return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

/**
 * The verdict in one sentence: what is compared, which arm is faster at which sizes and by how much, which sizes are
 * within the noise or undecided, and where the slower arm's time goes. Says nothing that the figures don't show.
 */
function summarizeSteadyState(results: Omit<Results, "summary">): string {
    const { complete, plan, ratios, crossover, attributions } = results;
    const incomplete = `Incomplete run (${measured(results)})`;
    if (ratios.length === 0) {
        const planned = hasBothMainArms(plan);
        const why = planned ? "no size has a median of both" : "the run does not measure both";
        return `${complete ? "No verdict" : `${incomplete}: no verdict`}, ${why} ${mainArms.network} and ${mainArms.volume}.`;
    }
    const all = mainSizes(plan).length;
    const sizes = `${ratios.length === all ? "" : `${ratios.length} of `}${plural(all, "size")}`;
    const lead = complete ? `Over ${sizes} in ${plural(trialsOf(results), "trial")}` : `${incomplete}: over ${sizes}`;
    const clauses = [
        comparison(ratios, crossover),
        ...listedAt(
            "within noise",
            ratios.filter(({ withinNoise }) => withinNoise),
        ),
        ...undecided(ratios),
        ...explained(attributions),
    ];
    return `${lead}, at the median, ${clauses.join("; ")}.`;
}

/** `12 of 20 trials`, and `30 of 240 injections` in a run with scenarios. */
function measured({ trials, scenarios }: Omit<Results, "summary">): string {
    const ofTrials = `${trials.ok + trials.noisy} of ${trials.planned} trials`;
    if (scenarios === undefined) return ofTrials;
    const { made, planned } = injectionSums(scenarios);
    return `${ofTrials}, ${made} of ${planned} injections`;
}

function explained(attributions: Results["attributions"]): string[] {
    const clause = explain(attributions);
    return clause === undefined ? [] : [clause];
}

/** The largest number of trials of a main arm: more than planned if the intervals were too wide. */
function trialsOf({ plan, cells }: Omit<Results, "summary">): number {
    return Math.max(plan.rounds, ...cells.filter(({ arm }) => isMain(arm)).map(({ trials }) => trials));
}

function comparison(ratios: readonly Ratio[], crossover: Results["crossover"]): string {
    const [first, second, ...more] = runsOf(ratios);
    if (first === undefined) return `neither ${named.network} nor ${named.volume} is significantly faster`;
    const loser = first.winner === "network" ? "volume" : "network";
    const lead = `${named[first.winner]} is ${factors(first, ` faster than ${named[loser]}`)}`;
    if (second === undefined) return `${lead}; no size favours ${short[loser]}`;
    if (more.length === 0) {
        const from = crossover === undefined ? formatSize(second.ratios[0].size) : changeAt(crossover);
        return `${lead}; from ${from} on ${short[second.winner]} is ${factors(second, " faster")}`;
    }
    const runs = [first, second, ...more];
    return `which of ${named.network} and ${named.volume} is faster changes ${runs.length - 1} times: ${runs.map(range).join(", ")}`;
}

/** The size at which the faster arm changes: `about 2.8 MiB (95% CI: 2.3 MiB to 3.4 MiB)`. */
export function changeAt({ size, lowSize, highSize }: NonNullable<Results["crossover"]>): string {
    const [low, high] = [lowSize, highSize].map((end) => end && formatAbout(end));
    const range =
        low && high ? `${low} to ${high}` : low ? `${low} or more` : high ? `up to ${high}` : "open at both ends";
    return `about ${formatAbout(size)} (95% CI: ${range})`;
}

/** `5.7x faster at 64 B and 1.3x at 16 MiB`: the smallest and the largest size of the run. */
function factors({ winner, ratios }: Run, comparative: string): string {
    const factor = ({ ratio }: Ratio) => formatFactor(winner === "network" ? ratio : 1 / ratio);
    const [first] = ratios;
    const last = ratios.at(-1) as Ratio;
    const smallest = `${factor(first)}${comparative} at ${formatSize(first.size)}`;
    return first === last ? smallest : `${smallest} and ${factor(last)} at ${formatSize(last.size)}`;
}

function range({ winner, ratios }: Run): string {
    const from = formatSize(ratios[0].size);
    const to = formatSize((ratios.at(-1) as Ratio).size);
    return `${short[winner]} at ${from === to ? from : `${from} to ${to}`}`;
}

function undecided(ratios: readonly Ratio[]): string[] {
    return (["no difference", "inconclusive"] satisfies Verdict[]).flatMap((verdict) =>
        listedAt(
            verdict,
            ratios.filter((ratio) => ratio.verdict === verdict),
        ),
    );
}

/** `inconclusive at 1 KiB, 2 KiB`; many sizes are only counted. */
function listedAt(what: string, ratios: readonly Ratio[]): string[] {
    if (ratios.length === 0) return [];
    const sizes = ratios.map(({ size }) => formatSize(size)).join(", ");
    return [`${what} at ${ratios.length > listed ? `${ratios.length} sizes` : sizes}`];
}
