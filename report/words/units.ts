import { signedText } from "./sentences.ts";

const units = [
    { seconds: 1e-6, name: "us" },
    { seconds: 1e-3, name: "ms" },
    { seconds: 1, name: "s" },
] as const;

/** Seconds per unit of a duration: `us`, `ms`, `s`. */
export const unitSeconds: Readonly<Record<string, number>> = Object.fromEntries(
    units.map(({ name, seconds }) => [name, seconds]),
);

/**
 * A duration as text, with 3 significant digits and the unit that needs no leading zero: `108 us`, `1.20 ms`,
 * `12.3 s`; below a microsecond `0.250 us`.
 * @param seconds 0 or more; undefined (a quantile that does not exist) gives `-`
 */
export function formatSeconds(seconds: number | undefined): string {
    return seconds === undefined ? "-" : secondsText(seconds, 3);
}

/** As {@link formatSeconds}, with the given number of significant digits. */
export function secondsText(seconds: number, digits: number): string {
    if (seconds === 0) return "0 us";
    const rounded = Number(seconds.toPrecision(digits)); // first, so that 999.9 us becomes 1.00 ms
    const unit = units.findLast((candidate) => rounded >= candidate.seconds) ?? units[0];
    return `${wholeOr(rounded / unit.seconds, digits)} ${unit.name}`;
}

/** With the given number of significant digits, or all digits of the integer part. */
function wholeOr(value: number, digits: number): string {
    return value >= 10 ** digits - 0.5 ? String(Math.round(value)) : value.toPrecision(digits);
}

/** A speed-up for a sentence: `12x`, `5.7x`, below 1.1 with two decimals: `1.04x`. */
export function formatFactor(factor: number): string {
    if (factor >= 9.95) return `${Math.round(factor)}x`;
    return `${factor.toFixed(factor >= 1.095 ? 1 : 2)}x`;
}

/** A ratio for a table, with 3 significant digits: `5.71`, `0.874`, `12.3`. */
export function formatRatio(ratio: number): string {
    return ratioText(ratio, 3);
}

/** As {@link formatRatio}, with the given number of significant digits. */
export function ratioText(ratio: number, digits: number): string {
    return wholeOr(ratio, digits);
}

/** A change as a percentage, from a factor of 10 on as a factor: `+20%`, `12x`. @param factor new value over old */
export function formatChange(factor: number): string {
    return changeText(factor, 0);
}

/** As {@link formatChange}, with `more` extra digits. */
export function changeText(factor: number, more: number): string {
    return factor < 10 ? signedText(factor - 1, more) : `${Number(factor.toFixed(more))}x`;
}

/** Bytes per second for a table, in IEC units with 3 significant digits: `1.95 MiB/s`. */
export function formatBytesPerSecond(bytesPerSecond: number): string {
    if (bytesPerSecond === 0) return "0 B/s";
    const names = ["B/s", "KiB/s", "MiB/s", "GiB/s"];
    const power = Math.min(names.length - 1, Math.floor(Math.log2(Math.max(1, bytesPerSecond)) / 10));
    const value = bytesPerSecond / 1024 ** power;
    return `${value >= 999.5 ? Math.round(value) : value.toPrecision(3)} ${names[power]}`;
}
