import { allArms, isArm } from "../../model/arms.ts";
import type { LimitedFigure } from "../../model/check.ts";
import { limitedFigures } from "../../model/check.ts";
import { ReportError } from "../../model/error.ts";
import { scenarioPattern } from "../../model/scenario-fields.ts";
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
    /** A scenario; without its variant it means all variants. Set for outages and undelivered messages, and only for these. */
    scenario?: string;
    /** A ratio; a p99 or an outage in seconds; a change as a factor, 1.1 for 10% more; messages per injection. */
    limit: number;
}

/** An option that sets limits, without its dashes: a figure, or the shorthand for the outage of `start-up`. */
export type LimitOption = LimitedFigure | "max-start-up";

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
        parse: (text) => positive(number(/^(\d+(?:\.\d+)?)$/.exec(text))),
    },
    "max-p99": {
        allowed: "a time above 0 in us, ms or s, optionally for one arm, one size or both",
        examples: "5ms, network/cluster-ip=5ms, 64B=2ms or network/cluster-ip@64B=2ms",
        parse: (text) => positive(seconds(text)),
    },
    "max-change": {
        allowed: "a percentage of 0 or more, optionally for one arm, one size or both",
        examples: "10%, volume/chokidar=20%, 64B=15% or volume/chokidar@64B=25%",
        parse: (text) => {
            const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
            return match === null ? undefined : decimal(1 + Number(match[1]) / 100);
        },
    },
    "max-outage": {
        allowed: "a scenario and a time in us, ms or s",
        examples: "delete-pod=5s or delete-pod/grace-0=500ms",
        parse: seconds,
    },
    "max-failed": {
        allowed: "a scenario and a whole number of messages",
        examples: "not-ready=0 or delete-pod/grace-0=24",
        parse: (text) => number(/^(\d+)$/.exec(text)),
    },
};

/**
 * Reads limits as given on the command line, `[ARM][@][SIZE=]LIMIT`; of scenarios `SCENARIO=LIMIT`.
 * @param texts by option, in the order in which they were given
 * @throws ReportError that lists all mistakes: what is not a limit, an arm, a size or a scenario, and what is given twice
 */
export function parseThresholds(texts: Readonly<Partial<Record<LimitOption, readonly string[]>>>): Threshold[] {
    const parsed = [
        ...limitedFigures.flatMap((figure) => (texts[figure] ?? []).map((text) => parseThreshold(figure, text))),
        ...(texts["max-start-up"] ?? []).map(parseStartUp),
    ];
    const thresholds = parsed.filter((threshold) => typeof threshold !== "string");
    const mistakes = parsed.filter((threshold) => typeof threshold === "string");
    const key = ({ figure, arm, size, scenario }: Threshold) => [figure, arm, size, scenario].join(" ");
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
    const selector = text.slice(0, Math.max(0, at)).trim();
    if (figure === "max-outage" || figure === "max-failed") {
        if (limit === undefined || !new RegExp(scenarioPattern).test(selector))
            return `${source}: must be ${allowed}, e.g. ${examples}`;
        return { figure, source, scenario: selector, limit };
    }
    if (limit === undefined) return `${source}: must be ${allowed}, e.g. ${examples}; got "${text.slice(at + 1)}"`;
    if (at === -1) return { figure, source, limit };
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

function parseStartUp(text: string): Threshold | string {
    const source = `--max-start-up "${text}"`;
    const limit = seconds(text.trim());
    if (limit === undefined) return `${source}: must be a time in us, ms or s, e.g. 3s`;
    return { figure: "max-outage", source, scenario: "start-up", limit };
}

function seconds(text: string): number | undefined {
    const match = /^(\d+(?:\.\d+)?)\s*(us|ms|s)$/.exec(text);
    return number(match, unitSeconds[match?.[2] ?? "s"]);
}

function number(match: RegExpExecArray | null, unit = 1): number | undefined {
    return match === null ? undefined : decimal(Number(match[1]) * unit);
}

function positive(value: number | undefined): number | undefined {
    return value === 0 ? undefined : value;
}
