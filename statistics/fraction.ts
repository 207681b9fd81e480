/**
 * The 95% interval of a fraction, exact for any number (Clopper-Pearson). If none or all of them hold, only one end is
 * unknown, and it takes the whole 5%: none of n means at most about 3 / n.
 * @param hits how many of `n` hold it, 0 to n
 * @param n at least 1
 * @see Clopper & Pearson 1934, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial", Biometrika 26(4)
 * @see Hanley & Lippman-Hand 1983, "If Nothing Goes Wrong, Is Everything All Right?", JAMA 249(13)
 */
export function fractionInterval(hits: number, n: number): [number, number] {
    const tail = hits === 0 || hits === n ? 0.05 : 0.025;
    // The fractions at which so many hits, or more, and so many, or fewer, are just not too rare.
    const low = hits === 0 ? 0 : rootOf((share) => 1 - atMost(hits - 1, n, share) - tail);
    const high = hits === n ? 1 : rootOf((share) => tail - atMost(hits, n, share));
    return [low, high];
}

/** Probability of at most so many hits. */
function atMost(hits: number, n: number, share: number): number {
    let sum = 0;
    let term = n * Math.log1p(-share); // its logarithm, since it may be tiny
    for (let k = 0; k <= hits; k++) {
        sum += Math.exp(term);
        term += Math.log((n - k) / (k + 1)) + Math.log(share) - Math.log1p(-share);
    }
    return sum;
}

/** Where an increasing function between 0 and 1 is 0, by bisection. */
function rootOf(increasing: (share: number) => number): number {
    let [low, high] = [0, 1];
    for (let step = 0; step < 60; step++) {
        const middle = (low + high) / 2;
        if (increasing(middle) < 0) low = middle;
        else high = middle;
    }
    return (low + high) / 2;
}
