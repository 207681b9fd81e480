import { type Random, seededRandom } from "./random.ts";

/** Two samples that differ in one cause; each has at least one figure. */
export interface Pair {
    without: readonly number[];
    with: readonly number[];
}

/** Splits of the figures that are drawn at most, and as extreme ones after which enough is known. */
const [mostDraws, enoughExtremes] = [9999, 200];
/** The same figures give the same chance. */
const seed = 1;

/**
 * The chance (one-sided p-value) of so few in the samples with a cause if the cause did nothing: in each pair the ranks of its
 * figures, equal ones sharing theirs, summed over those with the cause and over the pairs. A permutation test: without an effect
 * every split of a pair's figures is as likely as the one that was seen. Splits are drawn until 200 sums are as small as the one
 * seen, or 9,999 times, which keeps the error of the test at its level for any number of figures and with ties.
 * @param pairs at least one
 * @returns above 0, at most 1
 * @see van Elteren 1960, "On the combination of independent two sample tests of Wilcoxon", Bulletin ISI 37
 * @see Besag & Clifford 1991, "Sequential Monte Carlo p-values", Biometrika 78(2)
 */
export function chanceOfFewer(pairs: readonly [Pair, ...Pair[]]): number {
    const pools = pairs.map((pair) => ({ ranks: ranksOf([...pair.with, ...pair.without]), taken: pair.with.length }));
    const seen = pools.reduce((sum, { ranks, taken }) => sum + total(ranks, taken), 0);
    const random = seededRandom(seed);
    for (let draws = 1, extremes = 0; ; draws++) {
        const drawn = pools.reduce((sum, { ranks, taken }) => sum + drawnTotal(ranks, taken, random), 0);
        if (drawn <= seen) extremes++;
        if (extremes === enoughExtremes) return extremes / draws;
        if (draws === mostDraws) return (extremes + 1) / (draws + 1);
    }
}

/** Twice the rank of each value among all, so that it is an integer: equal values have the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
    return values.map((value) => {
        const [less, equal] = [values.filter((one) => one < value), values.filter((one) => one === value)];
        return 2 * less.length + equal.length + 1;
    });
}

function total(ranks: readonly number[], taken: number): number {
    return ranks.slice(0, taken).reduce((sum, rank) => sum + rank, 0);
}

/** The sum of so many ranks, drawn without putting any back; changes their order. */
function drawnTotal(ranks: number[], taken: number, random: Random): number {
    let sum = 0;
    for (let at = 0; at < taken; at++) {
        const other = at + Math.floor(random() * (ranks.length - at));
        const rank = ranks[other] as number;
        ranks[other] = ranks[at] as number;
        ranks[at] = rank;
        sum += rank;
    }
    return sum;
}

/**
 * The chances of several tests, raised so that together they err as rarely as one: if no cause has an effect, the chance that
 * any is at most 0.05 is at most 5%, however the tests depend on each other.
 * @param chances p-values of tests
 * @returns in the same order, at most 1
 * @see Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6(2)
 */
export function jointChances(chances: readonly number[]): number[] {
    const ascending = chances.map((chance, index) => ({ chance, index })).sort((a, b) => a.chance - b.chance);
    const joint = [...chances];
    let least = 0;
    for (const [rank, { chance, index }] of ascending.entries()) {
        least = Math.min(1, Math.max(least, (chances.length - rank) * chance));
        joint[index] = least;
    }
    return joint;
}
