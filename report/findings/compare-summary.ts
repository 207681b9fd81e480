import { isMain, mainArms } from "../../model/arms.ts";
import type { Change, ChangeOutcome, Changes, Compared, OverallChange } from "../../model/comparison.ts";
import { isSignificant } from "../../statistics/change.ts";
import { relativeHalfWidth } from "../../statistics/ratio.ts";
import { changeInterval } from "../words/beside-limit.ts";
import { percent, plural } from "../words/sentences.ts";
import { formatChange } from "../words/units.ts";

/** A size is reported as blind if not even a change this large would be detected. */
const detectable = 0.2;
/** The name of the ratio wherever changes are reported. */
export const ratioName = "volume / network";

/** What changed, in one or two sentences: both main arms and their ratio; p99 and the other arms if they changed. */
export function summarizeChanges({
    ratio,
    arms,
    machineMoved,
}: Pick<Compared, "ratio" | "arms" | "machineMoved">): string {
    const [main, others] = [arms.filter(({ arm }) => isMain(arm)), arms.filter(({ arm }) => !isMain(arm))];
    const clauses = [
        ...main.map(({ arm, p50 }) => clause(arm, p50)),
        ...(ratio.sizes.length === 0 ? [] : [clause(ratioName, ratio)]),
        ...main.filter(({ p99 }) => hasChanged(p99)).map(({ arm, p99 }) => clause(`p99 of ${arm}`, p99)),
        ...ofOthers(others),
    ];
    const sentence = clauses.length === 0 ? "no arm was measured on either side" : clauses.join("; ");
    const moved = commonCause(arms, machineMoved);
    return [`${sentence.replace(/^no /, "No ")}.`, ...moved].join(" "); // an arm's name is not capitalized
}

/**
 * A hint if both main arms changed in the same direction over all sizes: without a change of their ratio the machine
 * changed rather than an arm; with one, the machine may be part of the cause.
 * @returns a sentence, or none
 */
export function commonCause(arms: Compared["arms"], machineMoved: boolean): string[] {
    const [network, volume] = Object.values(mainArms).map((wanted) => {
        return arms.find(({ arm }) => arm === wanted)?.p50.overall;
    });
    if (network?.factor === undefined || volume?.factor === undefined) return [];
    if (network.outcome !== volume.outcome || !isSignificant(network.outcome)) return [];
    const by = `${formatChange(network.factor)} and ${formatChange(volume.factor)} over all sizes`;
    return machineMoved
        ? [`Both main arms changed alike (${by}) while their ratio did not: the machine changed rather than an arm.`]
        : [
              `Both main arms changed in the same direction (${by}), and so did their ratio: part of the change may come from the machine; to find out, measure several runs per side, alternating A and B.`,
          ];
}

/** `volume/chokidar is slower at 12 of 16 sizes (geomean +20%: +12% to +28%)`. */
function clause(name: string, { overall, sizes }: Changes): string {
    const count = (wanted: ChangeOutcome) => sizes.filter(({ outcome }) => outcome === wanted).length;
    const all = plural(sizes.length, "size");
    const found = (["slower", "faster", "higher", "lower"] as const).filter((outcome) => count(outcome) > 0);
    const inconclusive = count("inconclusive");
    const changed = overall !== undefined && isSignificant(overall.outcome);
    if (inconclusive === sizes.length) return `${name} is inconclusive at ${sizes.length} of ${all}`;
    const blind = sizes.filter(isBlind).length;
    const notes = [
        ...(changed || found.length > 0 ? overallNote(overall) : []),
        ...(inconclusive > 0 ? [`inconclusive at ${inconclusive}`] : []),
        ...(blind > 0 ? [`at ${blind} even ${percent(detectable)} would not be detected`] : []),
    ];
    const more = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
    if (found.length > 0) {
        return `${name} is ${found.map((outcome) => `${outcome} at ${count(outcome)}`).join(" and ")} of ${all}${more}`;
    }
    if (changed) return `${name} is ${overall.outcome} over ${all}, but not significantly at any single size${more}`;
    return `no significant change at ${sizes.length - inconclusive} of ${all} in ${name}${more}`;
}

function overallNote(overall: OverallChange | undefined): string[] {
    if (overall?.factor === undefined || overall.interval === undefined) return [];
    const { factor, interval, outcome } = overall;
    const change = isSignificant(outcome) ? `geomean ${formatChange(factor)}` : `${outcome} of the geomean`;
    return [`${change}: ${changeInterval(interval)}`];
}

/** Whether a change as large as {@link detectable} would probably have been missed. */
function isBlind({ interval, outcome }: Change): boolean {
    return outcome === "no significant change" && interval !== undefined && relativeHalfWidth(interval) > detectable;
}

function ofOthers(arms: Compared["arms"]): string[] {
    if (arms.length === 0) return [];
    const changed = arms.filter(({ p50 }) => hasChanged(p50));
    if (changed.length > 0) return changed.map(({ arm, p50 }) => clause(arm, p50));
    const unknown = arms.filter(({ p50 }) => p50.sizes.every(({ outcome }) => outcome === "inconclusive")).length;
    if (unknown === arms.length) return [`${plural(unknown, "other arm")} can't be compared`];
    return [`no other arm changed significantly${unknown === 0 ? "" : ` (${unknown} can't be compared)`}`];
}

function hasChanged({ overall, sizes }: Changes): boolean {
    return (
        sizes.some(({ outcome }) => isSignificant(outcome)) || (overall !== undefined && isSignificant(overall.outcome))
    );
}
