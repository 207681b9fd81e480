import type { Check, LimitedFigure } from "../../model/check.ts";
import { formatSize } from "../../model/sizes.ts";
import { changeBesideLimit, ratioBesideLimit, secondsBesideLimit } from "../words/beside-limit.ts";

/** What is known of a limited figure. */
export interface Measured {
    value?: number | undefined;
    interval?: readonly [number, number] | undefined;
    /** Why there is no interval, where there is none. */
    reason: string;
}

/** How a figure is written so that one sees on which side of its limit it is; the limit itself is written as it was given. */
const formats: Readonly<Record<LimitedFigure, (value: number, limit: number) => string>> = {
    "max-ratio": ratioBesideLimit,
    "max-p99": secondsBesideLimit,
    "max-change": changeBesideLimit,
};

/**
 * A figure against its limit: `pass` where the whole interval is at or below it, `fail` where all of it is above, else, and
 * without an interval, `inconclusive`.
 */
export function judge(
    limited: Pick<Check, "figure" | "arm" | "size" | "limit">,
    { value, interval, reason }: Measured,
): Check {
    const outcome = outcomeOf(limited.limit, interval);
    const range = { ...(value === undefined ? {} : { value }), ...(interval ? { interval: [...interval] } : {}) };
    const check = { ...limited, ...(range as Pick<Check, "value" | "interval">), outcome };
    return { ...check, message: messageOf(check, reason), ...(interval === undefined ? { reason } : {}) };
}

/** The figure's value, its interval and its limit as they are shown; `-` for what there is not. */
export function shownFigure({ figure, value, interval, limit }: Omit<Check, "message">) {
    const format = (shown: number) => formats[figure](shown, limit);
    return {
        value: value === undefined ? "-" : format(value),
        interval: interval === undefined ? "-" : interval.map(format).join(" to "),
        limit: format(limit),
    };
}

/** What is checked, by name: `p99 of network/cluster-ip at 64 B`. */
export function checkName({ figure, arm, size }: Pick<Check, "figure" | "arm" | "size">): string {
    const what = { "max-ratio": "volume / network", "max-p99": `p99 of ${arm}`, "max-change": `change of ${arm}` };
    return `${what[figure]} ${size === undefined ? "over all sizes" : `at ${formatSize(size)}`}`;
}

function outcomeOf(limit: number, interval: readonly [number, number] | undefined): Check["outcome"] {
    if (interval === undefined) return "inconclusive";
    const [low, high] = interval;
    if (high <= limit) return "pass";
    return low > limit ? "fail" : "inconclusive";
}

function messageOf(check: Omit<Check, "message">, reason: string): string {
    const { value, interval, limit } = shownFigure(check);
    const name = checkName(check);
    if (check.interval === undefined) return `${name} can't be judged: ${reason}`;
    const figure = `${name} is ${value} (95%: ${interval})`;
    if (check.outcome === "pass") return `${figure}, within the limit of ${limit}`;
    if (check.outcome === "fail") return `${figure}, all of it above the limit of ${limit}`;
    return `${figure}, which covers the limit of ${limit}; more trials or runs would decide`;
}
