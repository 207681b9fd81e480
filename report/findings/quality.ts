import { mainArms, repeatArm } from "../../model/arms.ts";
import { armsOf, sizesOf } from "../../model/plan.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { isWide } from "../../statistics/adaptive.ts";
import { perMille, roundTripsFor } from "../../statistics/histogram.ts";
import { type CellTrials, trialsOf } from "../../statistics/trials.ts";
import { byArm, line, percent, plural } from "../words/sentences.ts";
import { formatRatio } from "../words/units.ts";

/** If the medians of the first and the last third differ by more than this, the median moved. */
const trendBound = 0.1;
/** If the median moves without a trend in a larger fraction of the cells, the machine is unsteady. */
const unsteadyBound = 0.2;
/** A run with fewer trials is a first look, not a result to act on. */
const enoughTrials = 10;
/** Maximum distance of the A/A interval's ends from 1. */
const noiseBound = 0.02;
/** Maximum share of CPU time that the hypervisor gives to others. */
const stealBound = 0.01;
/** If the sum of the phases differs from the median by more than this, they don't explain the median. */
const phasesBound = 0.15;
/** A constant-rate cell that reaches less of its rate is saturated. */
const rateBound = 0.95;

type Known = Omit<Results, "summary" | "warnings">;

/** Warnings about the quality of the measurements, one sentence each. */
export function qualityWarnings(results: Known, cellTrials: CellTrials): string[] {
    return [
        ...throttled(results),
        ...stolen(results),
        ...trends(results, cellTrials),
        ...noiseFloor(results),
        ...repeatDiffers(results),
        ...stillWide(results),
        ...saturated(results),
        ...phaseSums(results),
        ...fewTrials(results),
    ];
}

/** Warnings that what was measured is not what was asked for, one sentence each. */
export function settingWarnings(results: Known): string[] {
    return [...placement(results), ...architectures(results)];
}

/** An architecture is unavailable only if the containers' differ. */
function architectures({ environment: { architecture } }: Known): string[] {
    if (architecture === undefined || !isUnavailable(architecture)) return [];
    return [
        `The nodes have several architectures (${architecture.unavailable}), so arms are compared across them; set hopcost:nodeSelector, e.g. to kubernetes.io/arch=amd64.`,
    ];
}

function fewTrials({ plan }: Known): string[] {
    if (plan.rounds >= enoughTrials) return [];
    const { rounds } = plan;
    const trials = rounds === 1 ? "1 trial per arm gives no interval" : `${rounds} trials per arm give wide intervals`;
    return [
        `${trials}: take this as a first look; for a result to act on, use profile standard (${enoughTrials} trials).`,
    ];
}

/** Only for a complete run: an incomplete one has more important warnings. */
function stillWide({ complete, plan, ratios, cells }: Known): string[] {
    if (!complete) return [];
    const wide = ratios.filter(({ interval }) => interval !== undefined && isWide(interval, plan.targetHalfWidth));
    const trials = Math.max(0, ...cells.filter(({ arm }) => arm === mainArms.network).map((cell) => cell.trials));
    return line(
        wide.length > 1 && wide.length === ratios.length
            ? [`all ${wide.length} sizes`]
            : wide.map(({ size }) => formatSize(size)),
        (list) =>
            `The 95% CI of the ratio is still wider than ±${percent(plan.targetHalfWidth)} at ${list} after ${plural(trials, "trial")}.`,
    );
}

function noiseFloor({ ratios }: Known): string[] {
    const worst = Math.max(1, ...ratios.map(({ noise }) => noise ?? 1));
    if (worst - 1 <= noiseBound) return [];
    const sizes = ratios.filter(({ noise }) => noise === worst).map(({ size }) => formatSize(size));
    return [
        `The noise floor is up to ${percent(worst - 1)} (at ${sizes[0]}), more than ${percent(noiseBound)}: by ${mainArms.network} measured twice (A/A), smaller differences can't be distinguished from noise.`,
    ];
}

function repeatDiffers({ comparisons }: Known): string[] {
    const off = comparisons.filter(
        ({ arm, interval }) => arm === repeatArm && interval !== undefined && (interval[0] > 1 || interval[1] < 1),
    );
    return line(
        off.map(({ size, ratio }) => `${formatSize(size)} (${formatRatio(ratio)})`),
        (list) =>
            `${repeatArm} differs from ${mainArms.network}, which is the same arm, at ${list}: expect this by chance at 1 size in 20; if more differ, the order of the arms or the machine disturbs the measurement.`,
    );
}

/** How each trial's median moved from the first to the last third of a cell; only trials with enough round trips per third. */
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
 * A trend: the median moves in one direction in two thirds of the trials, and in at least two. If it moves in both
 * directions, the machine is unsteady, which one sentence reports for all arms.
 */
function trends({ plan }: Known, cellTrials: CellTrials): string[] {
    const cells = armsOf(plan).flatMap((arm) =>
        sizesOf(plan, arm).map((size) => ({ arm, size, ...movesOf(cellTrials, arm, size) })),
    );
    const isTrend = ({ up, down, of }: (typeof cells)[number]) => Math.max(up, down) >= Math.max(2, (2 * of) / 3);
    const drifting = byArm(
        armsOf(plan),
        (arm) =>
            cells
                .filter((cell) => cell.arm === arm && isTrend(cell))
                .map(
                    ({ size, up, down, of }) =>
                        `${formatSize(size)} (${up > down ? "up" : "down"} in ${Math.max(up, down)} of ${of} trials)`,
                ),
        (list) =>
            `The median moved by more than ${percent(trendBound)} between the first and the last third of a cell: ${list}; use a longer warm-up.`,
    );
    const total = cells.reduce((sum, { of }) => sum + of, 0);
    const wandering = cells.filter((cell) => !isTrend(cell)).reduce((sum, { up, down }) => sum + up + down, 0);
    if (total === 0 || wandering < unsteadyBound * total) return drifting;
    return [
        ...drifting,
        `In ${percent(wandering / total)} of the measured cells the median moved by more than ${percent(trendBound)} between the first and the last third, both up and down: the machine is unsteady; use a quieter one for narrower intervals.`,
    ];
}

function phaseSums({ plan, phases, cells }: Known): string[] {
    return byArm(
        armsOf(plan),
        (arm) =>
            phases.flatMap(({ arm: phased, size, totalSeconds }) => {
                const median = cells.find((cell) => cell.arm === arm && cell.size === size)?.p50Seconds;
                if (phased !== arm || median === undefined) return [];
                const share = totalSeconds / median;
                return Math.abs(share - 1) > phasesBound ? [`${formatSize(size)} (${percent(share)})`] : [];
            }),
        (list) =>
            `The sum of the phases differs from the closed-loop median by more than ${percent(phasesBound)}: ${list}; read the phases as proportions.`,
    );
}

function saturated({ plan, constantRate }: Known): string[] {
    const behind = (arm: string) =>
        constantRate.filter((cell) => cell.arm === arm && cell.achievedPerSecond < rateBound * cell.ratePerSecond);
    return byArm(
        armsOf(plan),
        (arm) =>
            behind(arm).map((cell) => {
                const [achieved, intended] = [cell.achievedPerSecond, cell.ratePerSecond].map(Math.round);
                return `${formatSize(cell.size)} (${achieved} of ${intended} a second)`;
            }),
        (list) =>
            `Saturated at the constant rate, so that times grow with the length of the measurement: ${list}; use a lower rate.`,
    );
}

function placement({ environment, plan }: Known): string[] {
    const { asked, sameNode } = environment.placement;
    if (sameNode === true && asked === "cross-node" && armsOf(plan).includes(mainArms.network)) {
        return ["Placement cross-node was requested, but all measured containers ran on one node."];
    }
    if (sameNode === false && asked === "same-node") {
        return ["Placement same-node was requested, but the measured containers ran on several nodes."];
    }
    return [];
}

function throttled({ throttledSeconds }: Known): string[] {
    if (typeof throttledSeconds !== "number" || throttledSeconds === 0) return [];
    return [
        `A measured container was throttled for ${throttledSeconds} s by its CPU limit, which slows the tail: raise the limit.`,
    ];
}

function stolen({ environment: { stealFraction } }: Known): string[] {
    if (isUnavailable(stealFraction) || stealFraction <= stealBound) return [];
    return [
        `The hypervisor gave up to ${percent(stealFraction)} of the CPU time of a trial to others (steal): use a quieter or a dedicated machine.`,
    ];
}
