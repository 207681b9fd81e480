/** Maximum points per line that a reader can distinguish: of a main arm, and of an ablation arm in the background. */
export const [mostPoints, mostAblationPoints] = [64, 16];

/**
 * At most `most` items at equal distances, including the first and the last: readers can't distinguish more points, and
 * they make a page slow.
 * @param most 2 or more
 */
export function thinned<T>(items: readonly T[], most: number): T[] {
    if (items.length <= most) return [...items];
    const step = (items.length - 1) / (most - 1);
    return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as T);
}
