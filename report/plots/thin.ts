/** So many points of a main arm can be told apart, and of an ablation arm, which stands behind. */
export const [mostPoints, mostAblationPoints] = [64, 16];

/**
 * Every item where they are at most so many, else that many at equal distances, the first and the last among them: more can't
 * be told apart, and make a page slow.
 * @param most 2 or more
 */
export function thinned<T>(items: readonly T[], most: number): T[] {
    if (items.length <= most) return [...items];
    const step = (items.length - 1) / (most - 1);
    return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as T);
}
