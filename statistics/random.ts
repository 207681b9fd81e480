/** A source of numbers in [0, 1). */
export type Random = () => number;

/**
 * mulberry32: small, fast and good enough for shuffling and resampling; the same seed gives the same numbers.
 * @param seed unsigned 32-bit integer
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export function seededRandom(seed: number): Random {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** A new array with the items in random order (Fisher-Yates); the original is not modified. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
        const other = Math.floor(random() * (last + 1));
        [result[last], result[other]] = [result[other] as T, result[last] as T];
    }
    return result;
}
