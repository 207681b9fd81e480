import type { Check, LimitedFigure } from "../../model/check.ts";
import { formatSize } from "../../model/sizes.ts";
import { changeBesideLimit, ratioBesideLimit, secondsBesideLimit } from "../words/beside-limit.ts";
import { durationText, watchedText } from "../words/durations.ts";
import { grouped } from "../words/scenario-words.ts";

type End = number | null;

/** The measured value of a limited figure; null: an outage that was not over while it was watched. */
export interface Measured {
    value?: End | undefined;
    interval?: readonly [End, End] | undefined;
    /** How long an outage that was not over was watched at least. */
    watchedSeconds?: number;
    /** Why there is no interval, if there is none. */
    reason: string;
}

/** What a limit applies to, and the limit. */
type Limited = Pick<Check, "figure" | "arm" | "size" | "scenario" | "topology" | "limit">;

/** Writes a figure so that it shows on which side of its limit it is; the limit itself is written as it was given. */
const formats: Readonly<Record<LimitedFigure, (value: number, limit: number) => string>> = {
    "max-ratio": ratioBesideLimit,
    "max-p99": secondsBesideLimit,
    "max-change": changeBesideLimit,
    "max-outage": (seconds, limit) => (seconds === 0 ? "0 s" : secondsBesideLimit(seconds, limit)),
    "max-failed": grouped,
};

/**
 * A figure against its limit: `pass` if the whole interval is at or below the limit, `fail` if the whole interval is above,
 * else `inconclusive`, also without an interval. An outage that was not over in at least half of the injections is a `fail`,
 * whatever the limit.
 */
export function judge(limited: Limited, { value, interval, watchedSeconds, reason }: Measured): Check {
    const outcome = outcomeOf(limited.limit, value, interval);
    const range = {
        ...(value === undefined ? {} : { value }),
        ...(interval ? { interval: [...interval] } : {}),
        ...(watchedSeconds !== undefined && [value, ...(interval ?? [])].includes(null) ? { watchedSeconds } : {}),
    };
    const check = { ...limited, ...(range as Pick<Check, "value" | "interval" | "watchedSeconds">), outcome };
    return { ...check, message: sentenceOf(check, reason), ...(interval === undefined ? { reason } : {}) };
}

/** The figure's value, interval and limit as text; `-` for what is missing. */
export function shownFigure({ figure, value, interval, watchedSeconds = 0, limit }: Omit<Check, "message">) {
    const format = (shown: End) =>
        shown === null ? durationText(null, watchedSeconds) : formats[figure](shown, limit);
    return {
        value: value === undefined ? "-" : format(value),
        interval: interval === undefined ? "-" : interval.map(format).join(" to "),
        limit: format(limit),
    };
}

/** The name of a check: `p99 of network/cluster-ip at 64 B`, `outage of kill-process (volume)`. */
export function checkName({ figure, arm, size, scenario, topology }: Omit<Limited, "limit">): string {
    const what = {
        "max-ratio": "volume / network",
        "max-p99": `p99 of ${arm}`,
        "max-change": `change of ${arm}`,
        "max-outage": "outage of",
        "max-failed": "undelivered messages of",
    };
    if (scenario !== undefined) return `${what[figure]} ${scenario} (${topology})`;
    return `${what[figure]} ${size === undefined ? "over all sizes" : `at ${formatSize(size)}`}`;
}

function outcomeOf(limit: number, value: Measured["value"], interval: Measured["interval"]): Check["outcome"] {
    if (value === null) return "fail";
    if (interval === undefined) return "inconclusive";
    const [low, high] = interval.map((end) => end ?? Number.POSITIVE_INFINITY) as [number, number];
    if (high <= limit) return "pass";
    return low > limit ? "fail" : "inconclusive";
}

function sentenceOf(check: Omit<Check, "message">, reason: string): string {
    const { value, interval, limit } = shownFigure(check);
    const name = checkName(check);
    if (check.value === null) {
        const watched = watchedText(check.watchedSeconds ?? 0);
        return `${name} was not over within ${watched} in at least half of the injections; the limit is ${limit}`;
    }
    if (check.interval === undefined) return `${name} can't be judged: ${reason}`;
    const figure = `${name} ${check.figure === "max-failed" ? "are" : "is"} ${value} (95% CI: ${interval})`;
    if (check.outcome === "pass") return `${figure}, within the limit of ${limit}`;
    if (check.outcome === "fail") return `${figure}, above the limit of ${limit}`;
    const more = check.scenario === undefined ? "measure more trials or runs" : "make more injections";
    return `${figure}, and the interval includes the limit of ${limit}; ${more} to decide`;
}
