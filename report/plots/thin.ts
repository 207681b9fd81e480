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

/**
 * Adjacent items in groups of equal length, so that there are about `most` at most: what is summed per group loses nothing.
 * @param boundary index at which a group begins, so that what is before and after it is not mixed
 */
export function groupedEvenly<T>(items: readonly T[], most: number, boundary = 0): T[][] {
    const size = Math.max(1, Math.ceil(items.length / most));
    const first = boundary % size;
    const starts = [0, ...(first > 0 ? [first] : [])];
    for (let next = first + size; next < items.length; next += size) starts.push(next);
    return starts.map((from, index) => items.slice(from, starts[index + 1])).filter((group) => group.length > 0);
}
