import type { Ratio, Verdict } from "../model/results.ts";

/** Differences within ±3% don't matter in practice: an interval inside the band is `no difference`. */
export const band: readonly [number, number] = [1 / 1.03, 1.03];

/**
 * Who is faster, from the 95% interval of volume over network. Without an interval (one trial) it is undecided.
 * An interval inside the {@link band} is `no difference` even if it excludes 1.
 */
export function verdictOf(interval: readonly [number, number] | undefined): Verdict {
    if (interval === undefined) return "inconclusive";
    const [low, high] = interval;
    if (low >= band[0] && high <= band[1]) return "no difference";
    if (low > 1) return "network faster";
    if (high < 1) return "volume faster";
    return "inconclusive";
}

/** Neighbouring sizes with the same winner. */
export interface Run {
    winner: "network" | "volume";
    /** The decided sizes, ascending; undecided ones between them are left out. */
    ratios: [Ratio, ...Ratio[]];
}

/** The decided sizes, grouped by runs of the same winner. */
export function runsOf(ratios: readonly Ratio[]): Run[] {
    const runs: Run[] = [];
    for (const ratio of ratios) {
        if (ratio.verdict !== "network faster" && ratio.verdict !== "volume faster") continue;
        const winner = ratio.verdict === "network faster" ? "network" : "volume";
        const last = runs.at(-1);
        if (last?.winner === winner) last.ratios.push(ratio);
        else runs.push({ winner, ratios: [ratio] });
    }
    return runs;
}
