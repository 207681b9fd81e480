import type { Attribution } from "../../model/results.ts";
import { formatSize, formatSizes } from "../../model/sizes.ts";

type Part = Attribution["parts"][number];
/** What dominates an arm's time at one size. */
export interface Finding {
    size: number;
    arm: string;
    /** `none`: no part is significantly larger than all others. */
    kind: "most" | "largest" | "none";
    /** The part with the largest share. */
    part: Part;
    /** Cause of the last part: the volume or the network itself. */
    rest: string;
}

/** Equal findings about the same arm at neighbouring sizes. */
type Group = [Finding, ...Finding[]];

/**
 * Where the time of the slower main arm goes, as a clause of the summary without surrounding punctuation; derived only
 * from the attributions. Neighbouring sizes with equal findings are one group; of more than two groups, those at both
 * ends of the sizes are reported.
 * @param attributions ascending by size
 * @returns undefined if none has intervals
 */
export function explain(attributions: readonly Attribution[]): string | undefined {
    const groups = grouped(attributions.flatMap((attribution) => findingOf(attribution) ?? []));
    const [first] = groups;
    const last = groups.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const whole = groupText(first, `${first[0].arm}'s time`);
    if (first === last) return whole;
    const middle = groups.slice(1, -1).flat();
    const between =
        middle.length > 0 && middle.every(({ kind }) => kind === "none") ? ", with no dominant cause in between" : "";
    const also = groupText(last, last[0].arm === first[0].arm ? "it" : `${last[0].arm}'s time`);
    return `${whole}, and ${also}${between}`;
}

/**
 * The rule: a cause takes "most of" the time if the interval of its share lies above one half, and "the largest part of"
 * it if the interval lies above that of every other part; else no single cause dominates.
 * @returns undefined if the attribution has no intervals
 */
export function findingOf({ size, arm, parts }: Attribution): Finding | undefined {
    const [part, ...others] = parts.toSorted((one, other) => other.share - one.share);
    if (part?.interval === undefined) return undefined;
    const [low] = part.interval;
    const above = others.every(({ interval }) => interval !== undefined && low > interval[1]);
    const kind = low > 0.5 ? "most" : above ? "largest" : "none";
    return { size, arm, kind, part, rest: (parts.at(-1) as Part).cause };
}

function grouped(findings: readonly Finding[]): Group[] {
    const groups: Group[] = [];
    for (const finding of findings) {
        const group = groups.at(-1);
        if (group !== undefined && sameOf(group[0], finding)) group.push(finding);
        else groups.push([finding]);
    }
    return groups;
}

function sameOf(one: Finding, other: Finding): boolean {
    if (one.arm !== other.arm || one.kind !== other.kind) return false;
    return one.kind === "none" || one.part.cause === other.part.cause;
}

/** `most of volume/chokidar's time at 64 B to 64 KiB goes to chokidar (61% at 64 B), not to the volume itself`. */
function groupText(group: Group, whole: string): string {
    const [{ kind, part, rest, size }] = group;
    const sizes = formatSizes(group.map((finding) => finding.size));
    if (kind === "none") return `no single cause dominates ${whole} at ${sizes}`;
    const amount = kind === "most" ? "most of" : "the largest part of";
    const share = `${Math.round(100 * part.share)}%${group.length > 1 ? ` at ${formatSize(size)}` : ""}`;
    const not = part.cause === rest ? "" : `, not to ${rest}`;
    return `${amount} ${whole} at ${sizes} goes to ${part.cause} (${share})${not}`;
}
