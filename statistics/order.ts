/** Share of experiments whose interval holds the true value. */
const confidence = 0.95;

/**
 * A duration over injections: those that ended have theirs, in seconds; one that did not end while it was watched is
 * censored: longer than that, written as `Infinity`.
 */
export interface Duration {
    /** `Infinity` if at least half of the injections are censored. */
    median: number;
    /** 95% interval; its upper end may be `Infinity`. Absent with fewer than 6 injections. */
    interval?: [number, number];
    injections: number;
    censored: number;
}

/**
 * The median of durations, with an interval between two of them by rank: distribution-free, and exact for any number of
 * injections. A censored duration has a rank like any other, since all are watched equally long; the estimate is then
 * that of Kaplan and Meier.
 * @param seconds of each injection, at least one
 * @see David & Nagaraja 2003, "Order Statistics", 7.1 (interval of a quantile)
 * @see Kaplan & Meier 1958, "Nonparametric Estimation from Incomplete Observations", JASA 53(282)
 */
export function durationOf(seconds: readonly number[]): Duration {
    const sorted = seconds.toSorted((a, b) => a - b);
    const n = sorted.length;
    const rank = rankOf(binomialCounts(n));
    return {
        median: middleOf(sorted),
        ...(rank > 0 && { interval: [sorted[rank - 1] as number, sorted[n - rank] as number] }),
        injections: n,
        censored: sorted.filter((one) => one === Number.POSITIVE_INFINITY).length,
    };
}

/** The median; of an even number of values, the mean of both in the middle. @param sorted ascending, at least one */
export function middleOf(sorted: readonly number[]): number {
    return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}

/**
 * The largest rank, from 1, so that the interval from it to the same rank from above is wide enough; 0 if none is.
 * @param counts in how many equally likely ways so many values are below the true one, from 0
 */
function rankOf(counts: readonly number[]): number {
    const all = counts.reduce((sum, one) => sum + one, 0);
    let below = 0;
    return counts.findIndex((count) => {
        below += count;
        return 2 * below > (1 - confidence) * all;
    });
}

/** In how many ways so many of n values are below the median, from 0 to n. */
function binomialCounts(n: number): number[] {
    const counts = [1];
    for (let k = 1; k <= n; k++) counts.push(((counts[k - 1] as number) * (n - k + 1)) / k);
    return counts;
}

/**
 * How much longer the durations of B are than those of A: the median of all differences (Hodges-Lehmann), with the interval
 * that the rank sum test does not reject. Two censored durations may differ by anything, so they widen the interval.
 * @param a seconds of each injection, at least one; `Infinity` if censored
 * @returns seconds; the interval is absent if there are too few injections for 95%
 * @see Hollander, Wolfe & Chicken 2014, "Nonparametric Statistical Methods", 4.2 and 4.3
 */
export function shiftOf(a: readonly number[], b: readonly number[]): { shift: number; interval?: [number, number] } {
    const both = (value: number) => b.flatMap((one) => a.map((other) => differenceOf(one, other, value)));
    const [lows, highs] = [both(Number.NEGATIVE_INFINITY), both(Number.POSITIVE_INFINITY)].map((differences) =>
        differences.sort((one, other) => one - other),
    ) as [number[], number[]];
    const middle = both(0).sort((one, other) => one - other);
    const count = middle.length;
    const shift = middleOf(middle);
    const rank = rankOf(rankSumCounts(a.length, b.length));
    if (rank === 0) return { shift };
    return { shift, interval: [lows[rank - 1] as number, highs[count - rank] as number] };
}

/** To the nanosecond, without what binary fractions add. @param unknown the difference of two censored durations */
function differenceOf(one: number, other: number, unknown: number): number {
    return one === other && one === Number.POSITIVE_INFINITY ? unknown : Math.round(1e9 * (one - other)) / 1e9 + 0; // never -0
}

/**
 * In how many orders of m and n values so many pairs are reversed, from 0 to m * n: the coefficients of the Gaussian
 * binomial, which is the product of (1 - q^(n + i)) / (1 - q^i) for i from 1 to m.
 */
function rankSumCounts(m: number, n: number): number[] {
    const counts = [1, ...Array<number>(m * n).fill(0)];
    const add = (to: number, from: number, sign: number) => {
        counts[to] = (counts[to] as number) + sign * (counts[from] as number);
    };
    for (let i = 1; i <= m; i++) {
        for (let at = m * n; at >= n + i; at--) add(at, at - n - i, -1);
        for (let at = i; at <= m * n; at++) add(at, at - i, 1);
    }
    return counts;
}
