import { mainArms } from "./arms.ts";
import type { Ratio, Results, Verdict } from "./schema.ts";
import { formatSize } from "./sizes.ts";
import { formatFactor } from "./units.ts";
import { type Run, runsOf } from "./verdict.ts";

const short = { network: "the ClusterIP hop", volume: "the shared volume" } as const;
const named = {
    network: `${short.network} (${mainArms.network})`,
    volume: `${short.volume} (${mainArms.volume})`,
} as const;
/** More sizes than these are counted, not listed. */
const listed = 4;

/**
 * The verdict in one sentence: what is compared, how much faster which arm is where, where that changes, and which
 * sizes are not decided. Says nothing that the ratios don't.
 */
export function summarize({ complete, plan, ratios, blocks }: Omit<Results, "summary">): string {
    const incomplete = `Incomplete run (${blocks.ok + blocks.disturbed} of ${blocks.planned} blocks)`;
    if (ratios.length === 0) {
        const planned = Object.values(mainArms).every((arm) => plan.arms.includes(arm));
        const why = planned ? "no size has a median of both" : "the run does not measure both";
        return `${complete ? "No verdict" : `${incomplete}: no verdict`}, ${why} ${mainArms.network} and ${mainArms.volume}.`;
    }
    const all = plan.sizes.length;
    const sizes = `${ratios.length === all ? "" : `${ratios.length} of `}${plural(all, "size")}`;
    const lead = complete ? `Over ${sizes} in ${plural(plan.rounds, "trial")}` : `${incomplete}: over ${sizes}`;
    return `${lead}, at the median, ${[comparison(ratios), ...undecided(ratios)].join("; ")}.`;
}

function comparison(ratios: readonly Ratio[]): string {
    const [first, second, ...more] = runsOf(ratios);
    if (first === undefined) return `neither ${named.network} nor ${named.volume} is shown to be faster`;
    const loser = first.winner === "network" ? "volume" : "network";
    const lead = `${named[first.winner]} is ${factors(first, ` faster than ${named[loser]}`)}`;
    if (second === undefined) return `${lead}; no size favours ${short[loser]}`;
    if (more.length === 0) {
        return `${lead}; from ${formatSize(second.ratios[0].size)} on ${short[second.winner]} is ${factors(second, " faster")}`;
    }
    const runs = [first, second, ...more];
    return `the faster one of ${named.network} and ${named.volume} changes ${runs.length - 1} times: ${runs.map(range).join(", ")}`;
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
    return (["no difference", "inconclusive"] satisfies Verdict[]).flatMap((verdict) => {
        const sizes = ratios.filter((ratio) => ratio.verdict === verdict).map(({ size }) => formatSize(size));
        if (sizes.length === 0) return [];
        return [`${verdict} at ${sizes.length > listed ? `${sizes.length} sizes` : sizes.join(", ")}`];
    });
}

function plural(count: number, noun: string): string {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
