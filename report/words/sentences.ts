/** Maximum items listed per kind of warning; the rest are counted, to keep the results small. */
const listed = 10;
/** One sentence that lists the items, or none if there are no items. */
export function line(items: readonly string[], sentence: (list: string) => string): string[] {
    return items.length === 0 ? [] : [sentence(items.join(", "))];
}

/** One sentence for each of the first ten items, and one that counts the rest. */
export function capped<T>(
    items: readonly T[],
    sentence: (item: T) => string,
    rest: (more: number) => string,
): string[] {
    const more = items.length - listed;
    return [...items.slice(0, listed).map(sentence), ...(more > 0 ? [rest(more)] : [])];
}

/** A count with its noun: `1 trial`, `3 trials`. */
export function plural(count: number, noun: string): string {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A fraction as a percentage, with one decimal below 10%: `61%`, `2.4%`. */
export function percent(fraction: number): string {
    return percentText(fraction, 0);
}

/** A deviation: `+2.4%`, `-12%`, `0%`. */
export function signedPercent(fraction: number): string {
    return signedText(fraction, 0);
}

/** As {@link signedPercent}, with `more` extra digits. */
export function signedText(fraction: number, more: number): string {
    const text = percentText(fraction, more);
    return fraction > 0 && text !== "0%" ? `+${text}` : text;
}

function percentText(fraction: number, more: number): string {
    const value = 100 * fraction;
    return `${Number(value.toFixed((Math.abs(value) < 9.95 ? 1 : 0) + more))}%`;
}
