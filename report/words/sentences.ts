/** One sentence that lists the items, or none if there are no items. */
export function line(items: readonly string[], sentence: (list: string) => string): string[] {
    return items.length === 0 ? [] : [sentence(items.join(", "))];
}

/** Items shown in a sentence that counts them. */
const shown = 3;

/** One sentence about all items, which lists the first three and counts the rest; none if there are none. */
export function counted<T>(
    items: readonly T[],
    sentence: (count: number, list: string) => string,
    textOf: (item: T) => string,
): string[] {
    if (items.length === 0) return [];
    const more = items.length - shown;
    const list = [...items.slice(0, shown).map(textOf), ...(more > 0 ? [`and ${more} more`] : [])];
    return [sentence(items.length, list.join("; "))];
}

/** One sentence about what is true of some arms, each with a list, e.g. of sizes; none if of no arm. */
export function byArm(
    arms: readonly string[],
    itemsOf: (arm: string) => readonly string[],
    sentence: (list: string) => string,
): string[] {
    const lists = arms.flatMap((arm) => line(itemsOf(arm), (items) => `${arm} at ${items}`));
    return lists.length === 0 ? [] : [sentence(lists.join("; "))];
}

/** A count with its noun: `1 trial`, `3 trials`. */
export function plural(count: number, noun: string): string {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The verb after {@link plural}. */
export function are(count: number): string {
    return count === 1 ? "is" : "are";
}

/** The verb after {@link plural}, in the past. */
export function were(count: number): string {
    return count === 1 ? "was" : "were";
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
