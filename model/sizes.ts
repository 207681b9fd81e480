const KIB = 1024;
const MIB = 1024 * KIB;

/** The payload sizes of the experiment in bytes: 64 B, 1 KiB, then doubling to 16 MiB; 16 sizes, ascending. */
export const allSizes: readonly number[] = [64, ...Array.from({ length: 15 }, (_, power) => KIB * 2 ** power)];

/**
 * A size as text, in IEC units, with a fraction only if needed: `64 B`, `1 KiB`, `16 MiB`.
 * @param bytes whole number of bytes, 0 or more
 */
export function formatSize(bytes: number): string {
    if (bytes >= MIB) return `${trimmed(bytes / MIB)} MiB`;
    if (bytes >= KIB) return `${trimmed(bytes / KIB)} KiB`;
    return `${bytes} B`;
}

/** An estimated size, with 2 digits, 3 from 100 on: `2.8 MiB`, `812 KiB`. */
export function formatAbout(bytes: number): string {
    const [unit, name] = bytes >= MIB ? [MIB, "MiB"] : bytes >= KIB ? [KIB, "KiB"] : [1, "B"];
    const value = bytes / unit;
    return `${Number(value >= 100 ? value.toFixed(0) : value.toPrecision(2))} ${name}`;
}

/** Neighbouring sizes for a sentence: `64 B`, `64 B and 1 KiB`, three or more `64 B to 64 KiB`. @param sizes ascending */
export function formatSizes(sizes: readonly number[]): string {
    const [first, last] = [sizes[0], sizes.at(-1)].map((size) => formatSize(size ?? 0));
    if (sizes.length === 1) return `${first}`;
    return `${first} ${sizes.length === 2 ? "and" : "to"} ${last}`;
}

/**
 * Reads the output of {@link formatSize} (the space is optional), or a plain number of bytes.
 * @returns bytes, or undefined if the text is not a size
 */
export function parseSize(text: string): number | undefined {
    const match = /^(\d+)\s*(B|KiB|MiB)?$/.exec(text.trim());
    if (!match) return undefined;
    return Number(match[1]) * ({ B: 1, KiB: KIB, MiB: MIB }[match[2] ?? "B"] ?? 1);
}

function trimmed(value: number): string {
    return String(Math.round(value * 100) / 100);
}
