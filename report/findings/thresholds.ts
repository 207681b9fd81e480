import { allArms, isArm } from "../../model/arms.ts";
import type { LimitedFigure } from "../../model/check.ts";
import { limitedFigures } from "../../model/check.ts";
import { ReportError } from "../../model/error.ts";
import { parseSize } from "../../model/sizes.ts";
import { decimal } from "../../statistics/rounding.ts";
import { unitSeconds } from "../words/units.ts";

/** The maximum of a figure, and the cells it applies to. */
export interface Threshold {
    figure: LimitedFigure;
    /** The option as it was given, for messages: `--max-p99 "64B=2ms"`. */
    source: string;
    /** One arm; by default both main arms. Never set for a ratio, which is of both. */
    arm?: string;
    /** One payload size in bytes; by default all. */
    size?: number;
    /** A ratio; a p99 in seconds; a change as a factor, 1.1 for 10% more. */
    limit: number;
}

interface Syntax {
    /** The syntax of a limit, for messages. */
    allowed: string;
    examples: string;
    /** Undefined if the text is not such a limit. */
    parse(text: string): number | undefined;
}

const syntaxes: Readonly<Record<LimitedFigure, Syntax>> = {
    "max-ratio": {
        allowed: "a number above 0, optionally for one size",
        examples: "12 or 64B=12",
        parse: (text) => positive(/^(\d+(?:\.\d+)?)$/.exec(text), 1),
    },
    "max-p99": {
        allowed: "a time above 0 in us, ms or s, optionally for one arm, one size or both",
        examples: "5ms, network/cluster-ip=5ms, 64B=2ms or network/cluster-ip@64B=2ms",
        parse: (text) => {
            const match = /^(\d+(?:\.\d+)?)\s*(us|ms|s)$/.exec(text);
            return positive(match, unitSeconds[match?.[2] ?? "s"] ?? 1);
        },
    },
    "max-change": {
        allowed: "a percentage of 0 or more, optionally for one arm, one size or both",
        examples: "10%, volume/chokidar=20%, 64B=15% or volume/chokidar@64B=25%",
        parse: (text) => {
            const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
            return match === null ? undefined : decimal(1 + Number(match[1]) / 100);
        },
    },
};

/**
 * Reads limits as given on the command line, `[ARM][@][SIZE=]LIMIT`.
 * @param texts by limited figure, in the order in which they were given
 * @throws ReportError that lists all mistakes: what is not a limit, an arm or a size, and what is given twice
 */
export function parseThresholds(texts: Readonly<Record<LimitedFigure, readonly string[]>>): Threshold[] {
    const parsed = limitedFigures.flatMap((figure) => texts[figure].map((text) => parseThreshold(figure, text)));
    const thresholds = parsed.filter((threshold) => typeof threshold !== "string");
    const mistakes = parsed.filter((threshold) => typeof threshold === "string");
    const key = ({ figure, arm, size }: Threshold) => `${figure} ${arm} ${size}`;
    const firsts = new Map(thresholds.toReversed().map((threshold) => [key(threshold), threshold]));
    const repeated = thresholds
        .filter((threshold) => firsts.get(key(threshold)) !== threshold)
        .map((threshold) => {
            return `${threshold.source}: ${firsts.get(key(threshold))?.source} limits the same figure; give only one limit`;
        });
    if (mistakes.length + repeated.length > 0) throw new ReportError([...mistakes, ...repeated].join("\n"));
    return thresholds;
}

/** @returns the threshold, or why the text is not one */
function parseThreshold(figure: LimitedFigure, text: string): Threshold | string {
    const { allowed, examples, parse } = syntaxes[figure];
    const source = `--${figure} "${text}"`;
    const at = text.lastIndexOf("=");
    const limit = parse(text.slice(at + 1).trim());
    if (limit === undefined) return `${source}: must be ${allowed}, e.g. ${examples}; got "${text.slice(at + 1)}"`;
    if (at === -1) return { figure, source, limit };
    const selector = text.slice(0, at).trim();
    const [first = "", second, ...more] = selector.split("@").map((part) => part.trim());
    const [arm, size] = second === undefined && !first.includes("/") ? [undefined, first] : [first, second];
    const faults = [
        ...(arm !== undefined && figure === "max-ratio" ? ["a ratio compares both main arms, give only a size"] : []),
        ...(arm !== undefined && !isArm(arm) ? [`"${arm}" must be one of ${allArms.join(", ")}`] : []),
        ...(size !== undefined && parseSize(size) === undefined ? [`"${size}" must be a size, e.g. 64B or 1MiB`] : []),
        ...(more.length > 0 ? ["use one @, between an arm and a size"] : []),
    ];
    if (faults.length > 0) return `${source}: ${faults.join("; ")}; write e.g. ${examples}`;
    return {
        figure,
        source,
        limit,
        ...(arm === undefined ? {} : { arm: arm }),
        ...(size === undefined ? {} : { size: parseSize(size) as number }),
    };
}

function positive(match: RegExpExecArray | null, unit: number): number | undefined {
    const value = Number(match?.[1] ?? Number.NaN) * unit;
    return value > 0 ? decimal(value) : undefined;
}
