import type { Check, LimitedFigure } from "../../model/check.ts";
import { formatSize } from "../../model/sizes.ts";
import { changeBesideLimit, ratioBesideLimit, secondsBesideLimit } from "../words/beside-limit.ts";

/** The measured value of a limited figure. */
export interface Measured {
    value?: number | undefined;
    interval?: readonly [number, number] | undefined;
    /** Why there is no interval, if there is none. */
    reason: string;
}

/** Writes a figure so that it shows on which side of its limit it is; the limit itself is written as it was given. */
const formats: Readonly<Record<LimitedFigure, (value: number, limit: number) => string>> = {
    "max-ratio": ratioBesideLimit,
    "max-p99": secondsBesideLimit,
    "max-change": changeBesideLimit,
};

/**
 * A figure against its limit: `pass` if the whole interval is at or below the limit, `fail` if the whole interval is above,
 * else `inconclusive`, also without an interval.
 */
export function judge(
    limited: Pick<Check, "figure" | "arm" | "size" | "limit">,
    { value, interval, reason }: Measured,
): Check {
    const outcome = outcomeOf(limited.limit, interval);
    const range = { ...(value === undefined ? {} : { value }), ...(interval ? { interval: [...interval] } : {}) };
    const check = { ...limited, ...(range as Pick<Check, "value" | "interval">), outcome };
    return { ...check, message: sentenceOf(check, reason), ...(interval === undefined ? { reason } : {}) };
}

/** The figure's value, interval and limit as text; `-` for what is missing. */
export function shownFigure({ figure, value, interval, limit }: Omit<Check, "message">) {
    const format = (shown: number) => formats[figure](shown, limit);
    return {
        value: value === undefined ? "-" : format(value),
        interval: interval === undefined ? "-" : interval.map(format).join(" to "),
        limit: format(limit),
    };
}

/** The name of a check: `p99 of network/cluster-ip at 64 B`. */
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

function sentenceOf(check: Omit<Check, "message">, reason: string): string {
    const { value, interval, limit } = shownFigure(check);
    const name = checkName(check);
    if (check.interval === undefined) return `${name} can't be judged: ${reason}`;
    const figure = `${name} is ${value} (95% CI: ${interval})`;
    if (check.outcome === "pass") return `${figure}, within the limit of ${limit}`;
    if (check.outcome === "fail") return `${figure}, above the limit of ${limit}`;
    return `${figure}, and the interval includes the limit of ${limit}; measure more trials or runs to decide`;
}
