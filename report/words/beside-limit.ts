import { decimal } from "../../statistics/rounding.ts";
import { changeText, ratioText, secondsText, unitSeconds } from "./units.ts";

/** How a figure is written, and which value a reader sees. */
interface Notation {
    /** @param more digits than it usually has */
    write(value: number, more: number): string;
    read(text: string): number;
}

const ratios: Notation = { write: (ratio, more) => ratioText(ratio, 3 + more), read: Number.parseFloat };

const durations: Notation = {
    write: (seconds, more) => secondsText(seconds, 3 + more),
    read: (text) => Number.parseFloat(text) * (unitSeconds[text.split(" ")[1] ?? ""] ?? Number.NaN),
};

const changes: Notation = {
    write: changeText,
    read: (text) => (text.endsWith("x") ? Number.parseFloat(text) : 1 + Number.parseFloat(text) / 100),
};

/** A ratio beside a limit: `1.0004`, not `1.00`, if the limit is 1. */
export function ratioBesideLimit(ratio: number, limit: number): string {
    return textBesideLimit(ratio, limit, ratios);
}

/** A duration beside a limit: `2.004 ms`, not `2.00 ms`, if the limit is 2 ms. */
export function secondsBesideLimit(seconds: number, limit: number): string {
    return textBesideLimit(seconds, limit, durations);
}

/** A change beside a limit, as a percentage, from a factor of 10 on as a factor: `+12.5%`, `12x`. */
export function changeBesideLimit(factor: number, limit: number): string {
    return textBesideLimit(factor, limit, changes);
}

/** The ends of a ratio's interval, each shown on its side of 1, because that side decides: `0.843 to 1.0002`. */
export function ratioInterval(interval: readonly [number, number]): string {
    return interval.map((end) => ratioBesideLimit(end, 1)).join(" to ");
}

/** The ends of a change's interval, each shown on its side of 0%: `+12% to +28%`, `-0.02% to +5%`. */
export function changeInterval(interval: readonly [number, number]): string {
    return interval.map((end) => changeBesideLimit(end, 1)).join(" to ");
}

/** A value with the usual digits, and more if rounding would put it on the bound or beyond. */
function textBesideLimit(value: number, bound: number, { write, read }: Notation): string {
    const side = (shown: number) => Math.sign(decimal(shown) - decimal(bound));
    let text = write(value, 0);
    for (let more = 1; more <= mostDigits && side(read(text)) !== side(value); more++) text = write(value, more);
    return text;
}

/** As many digits as {@link decimal} keeps. */
const mostDigits = 12;
