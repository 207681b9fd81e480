import { mainArms, repeatArm } from "../../model/arms.ts";
import { armsOf, sizesOf } from "../../model/plan.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { isWide } from "../../statistics/adaptive.ts";
import { perMille, roundTripsFor } from "../../statistics/histogram.ts";
import { type CellTrials, trialsOf } from "../../statistics/trials.ts";
import { line, percent, plural } from "../words/sentences.ts";
import { formatRatio } from "../words/units.ts";

/** Medians of the first and the last third that differ by more than this are a trend. */
const trendBound = 0.1;
/** More cells than this whose median wanders: the machine is unsteady. */
const unsteadyBound = 0.2;
/** Fewer trials than these: a first look, not a result to act on. */
const enoughTrials = 10;
/** The A/A interval should not reach farther from 1 than this. */
const noiseBound = 0.02;
/** CPU time that the hypervisor may give to others. */
const stealBound = 0.01;
/** Phases that add up to something else by more than this explain something else. */
const phasesBound = 0.15;
/** An constant-rate cell that reaches less of its rate is saturated. */
const rateBound = 0.95;

type Known = Omit<Results, "summary" | "warnings">;

/** What the measurements say about their own quality, one sentence each. */
export function qualityWarnings(results: Known, cellTrials: CellTrials): string[] {
    return [
        ...fewTrials(results),
        ...stillWide(results),
        ...noiseFloor(results),
        ...repeatDiffers(results),
        ...trends(results, cellTrials),
        ...phaseSums(results),
        ...saturated(results),
        ...placement(results),
        ...throttled(results),
        ...stolen(results),
    ];
}

function fewTrials({ plan }: Known): string[] {
    if (plan.rounds >= enoughTrials) return [];
    const { rounds } = plan;
    const trials = rounds === 1 ? "1 trial per arm gives no interval" : `${rounds} trials per arm give wide intervals`;
    return [`${trials}: a first look; profile standard (${enoughTrials} trials) gives a result to act on.`];
}

/** Only of a run that was not cut short: another one has more to say than this. */
function stillWide({ complete, plan, ratios, cells }: Known): string[] {
    if (!complete) return [];
    const wide = ratios.filter(({ interval }) => interval !== undefined && isWide(interval, plan.targetHalfWidth));
    const trials = Math.max(0, ...cells.filter(({ arm }) => arm === mainArms.network).map((cell) => cell.trials));
    return line(
        wide.length > 1 && wide.length === ratios.length
            ? [`all ${wide.length} sizes`]
            : wide.map(({ size }) => formatSize(size)),
        (list) =>
            `The interval of the ratio is still wider than ${percent(plan.targetHalfWidth)} either way at ${list} after ${plural(trials, "trial")}.`,
    );
}

function noiseFloor({ ratios }: Known): string[] {
    const worst = Math.max(1, ...ratios.map(({ noise }) => noise ?? 1));
    if (worst - 1 <= noiseBound) return [];
    const sizes = ratios.filter(({ noise }) => noise === worst).map(({ size }) => formatSize(size));
    return [
        `The noise floor is up to ${percent(worst - 1)} (at ${sizes[0]}), wider than ${percent(noiseBound)}: ${mainArms.network} measured twice (A/A) is not told apart from an arm that differs by so much.`,
    ];
}

function repeatDiffers({ comparisons }: Known): string[] {
    const off = comparisons.filter(
        ({ arm, interval }) => arm === repeatArm && interval !== undefined && (interval[0] > 1 || interval[1] < 1),
    );
    return line(
        off.map(({ size, ratio }) => `${formatSize(size)} (${formatRatio(ratio)})`),
        (list) =>
            `${repeatArm} differs from ${mainArms.network}, which is the same arm, at ${list}: by chance 1 size in 20 does, else the order of the arms or the machine disturbs.`,
    );
}

/** How the median of each trial moved between the thirds of a cell; only where each holds enough for a median. */
function movesOf(cellTrials: CellTrials, arm: string, size: number): { up: number; down: number; of: number } {
    const records = trialsOf(cellTrials, { arm, mode: "closed-loop", size })
        .map(({ record }) => record)
        .filter(({ roundTrips }) => roundTrips >= 3 * roundTripsFor(perMille.p50));
    const moved = (sign: number) =>
        records.filter(
            ({ firstThirdP50Seconds: first, lastThirdP50Seconds: last }) => sign * (last - first) > trendBound * first,
        ).length;
    return { up: moved(1), down: moved(-1), of: records.length };
}

/**
 * A trend: the median moves one way in two thirds of the trials, and in at least two. Where it moves now this way, now
 * that, it is the machine that is unsteady, which one sentence says for all arms.
 */
function trends({ plan }: Known, cellTrials: CellTrials): string[] {
    const cells = armsOf(plan).flatMap((arm) =>
        sizesOf(plan, arm).map((size) => ({ arm, size, ...movesOf(cellTrials, arm, size) })),
    );
    const isTrend = ({ up, down, of }: (typeof cells)[number]) => Math.max(up, down) >= Math.max(2, (2 * of) / 3);
    const drifting = armsOf(plan).flatMap((arm) =>
        line(
            cells
                .filter((cell) => cell.arm === arm && isTrend(cell))
                .map(
                    ({ size, up, down, of }) =>
                        `${formatSize(size)} (${up > down ? "up" : "down"} in ${Math.max(up, down)} of ${of} trials)`,
                ),
            (list) =>
                `${arm}: the median moved by more than ${percent(trendBound)} between the first and the last third of a cell at ${list}; a longer warm-up is needed.`,
        ),
    );
    const total = cells.reduce((sum, { of }) => sum + of, 0);
    const wandering = cells.filter((cell) => !isTrend(cell)).reduce((sum, { up, down }) => sum + up + down, 0);
    if (total === 0 || wandering < unsteadyBound * total) return drifting;
    return [
        ...drifting,
        `In ${percent(wandering / total)} of the measured cells the median moved by more than ${percent(trendBound)} between the first and the last third, up as well as down: the machine is unsteady, a quieter one gives narrower intervals.`,
    ];
}

function phaseSums({ plan, phases, cells }: Known): string[] {
    return armsOf(plan).flatMap((arm) => {
        const off = phases.flatMap(({ arm: phased, size, totalSeconds }) => {
            const median = cells.find((cell) => cell.arm === arm && cell.size === size)?.p50Seconds;
            if (phased !== arm || median === undefined) return [];
            const share = totalSeconds / median;
            return Math.abs(share - 1) > phasesBound ? [`${formatSize(size)} (${percent(share)})`] : [];
        });
        return line(
            off,
            (list) =>
                `${arm}: the phases don't add up to the median of the unburdened round trips, within ${percent(phasesBound)}, at ${list}: take them as proportions.`,
        );
    });
}

function saturated({ plan, constantRate }: Known): string[] {
    return armsOf(plan).flatMap((arm) => {
        const behind = constantRate.filter(
            (cell) => cell.arm === arm && cell.achievedPerSecond < rateBound * cell.ratePerSecond,
        );
        return line(
            behind.map((cell) => {
                const [achieved, intended] = [cell.achievedPerSecond, cell.ratePerSecond].map(Math.round);
                return `${formatSize(cell.size)} (${achieved} of ${intended} a second)`;
            }),
            (list) =>
                `${arm}: saturated at the constant rate at ${list}: its times there grow with the length of the measurement; a lower rate is needed.`,
        );
    });
}

function placement({ environment, plan }: Known): string[] {
    const { asked, sameNode } = environment.placement;
    if (sameNode === true && asked === "cross-node" && armsOf(plan).includes(mainArms.network)) {
        return ["Placement cross-node was asked for, but all measured containers were on one node."];
    }
    if (sameNode === false && asked === "same-node") {
        return ["Placement same-node was asked for, but the measured containers were on several nodes."];
    }
    return [];
}

function throttled({ throttledSeconds }: Known): string[] {
    if (typeof throttledSeconds !== "number" || throttledSeconds === 0) return [];
    return [
        `A measured container was throttled for ${throttledSeconds} s by its CPU limit: the tail is the limit's, raise it.`,
    ];
}

function stolen({ environment: { stealFraction } }: Known): string[] {
    if (isUnavailable(stealFraction) || stealFraction <= stealBound) return [];
    return [
        `The hypervisor gave up to ${percent(stealFraction)} of the CPU time of a trial to others (steal): use a quieter or a dedicated machine.`,
    ];
}
