import { secondsText } from "./units.ts";

/** A duration over injections: seconds; null: it did not end while it was watched. */
interface Figure {
    median: number | null;
    interval?: readonly [number | null, number | null];
}

/** A duration with 2 digits, from 100 s on with 3, as precise as few injections are: `2.1 s`, `130 ms`, `0 s`. @param seconds 0 or more */
export function shortSeconds(seconds: number): string {
    return seconds === 0 ? "0 s" : secondsText(seconds, seconds < 100 ? 2 : 3);
}

/** How long it was watched, rounded down: what did not end took longer than that. @param seconds 0 or more */
export function watchedText(seconds: number): string {
    return shortSeconds(seconds < 10 ? seconds : Math.floor(seconds));
}

/** The same, or `> 90 s` if it did not end while it was watched. @param seconds null: it did not end */
export function durationText(seconds: number | null, watchedSeconds: number): string {
    return seconds === null ? `> ${watchedText(watchedSeconds)}` : shortSeconds(seconds);
}

/** A median with its 95% CI if that differs: `2.1 s [1.8 to 2.9]`, `1.1 s [980 ms to 1.2 s]`, `> 90 s [41 to > 90]`, `0 s`. */
export function durationWithInterval({ median, interval }: Figure, watchedSeconds: number): string {
    const shown = durationText(median, watchedSeconds);
    return withEnds(
        shown,
        interval?.map((end) => durationText(end, watchedSeconds)),
    );
}

/** A text with the ends of its interval, if it has one that differs: `2.1 s [1.8 to 2.9]`, `140 MiB [135 to 144]`. */
export function withEnds(shown: string, ends: readonly string[] = []): string {
    return ends.every((end) => end === shown) ? shown : `${shown} [${shortened(shown, ends)}]`;
}

/** A difference: `+1.2 s`, `-130 ms`, `0 s`; `-` if it is not known. */
export function shiftText(seconds: number | null): string {
    if (seconds === null) return "-";
    return `${seconds > 0 ? "+" : seconds < 0 ? "-" : ""}${shortSeconds(Math.abs(seconds))}`;
}

/** Both ends of a difference: `-1.2 s to +3.0 s`; an end that is not known is `?`, and `-` stands for two of these. */
export function shiftInterval(interval: readonly [number | null, number | null]): string {
    if (interval.every((end) => end === null)) return "-";
    return interval.map((end) => (end === null ? "?" : shiftText(end))).join(" to ");
}

/** The ends without their unit if it is that of the text before. */
function shortened(before: string, ends: readonly string[]): string {
    const unit = unitOf(before);
    const isSame = ends.every((end) => unitOf(end) === unit);
    return ends.map((end) => (isSame ? end.slice(0, -unit.length - 1) : end)).join(" to ");
}

function unitOf(text: string): string {
    return text.slice(text.lastIndexOf(" ") + 1);
}
