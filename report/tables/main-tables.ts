import { isMain, mainArms, specOf } from "../../model/arms.ts";
import { ablationSizes, armsOf, mainSizes, sizesOf } from "../../model/plan.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Comparison, Ratio, Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { ratioInterval } from "../words/beside-limit.ts";
import { formatBytesPerSecond, formatRatio, formatSeconds } from "../words/units.ts";
import type { Grid, Row } from "./grid.ts";

/**
 * The results, one line per size: p50 and p99 of both main arms, the ratio of the medians with its 95% CI, and the faster
 * arm, marked if the difference is within the noise floor. A missing figure (a quantile with too few round trips, an
 * unmeasured size) is `-`.
 */
export function resultsTable({ plan, cells, ratios }: Pick<Results, "plan" | "cells" | "ratios">): Grid {
    const sizes = mainSizes(plan);
    const rows = sizes.map((size) => {
        const quantiles = Object.values(mainArms).flatMap((arm) => {
            const cell = cells.find((candidate) => candidate.arm === arm && candidate.size === size);
            return [formatSeconds(cell?.p50Seconds), formatSeconds(cell?.p99Seconds)];
        });
        const ratio = ratios.find((candidate) => candidate.size === size);
        return [formatSize(size), ...quantiles, ...ratioColumns(ratio), winner(ratio)];
    });
    const head = ["size", "p50", "p99", "p50", "p99", "ratio", "95% CI", "faster"];
    return {
        head,
        rows,
        left: [0, head.length - 1],
        groups: [
            { title: "", columns: 1 },
            { title: mainArms.network, columns: 2 },
            { title: mainArms.volume, columns: 2 },
            { title: "volume / network", columns: 2 },
        ],
    };
}

/**
 * The ablation arms, and the main arms beside them, one line per arm and size: p50, its ratio to the arm that differs by
 * one cause, and CPU time per round trip. Arms that could not be measured are listed with the reason.
 * @returns undefined if the run has no ablation arm
 */
export function ablationsTable(
    results: Pick<Results, "plan" | "cells" | "comparisons" | "unavailable">,
): Grid | undefined {
    const { plan, unavailable } = results;
    const reasons = new Map(unavailable.map(({ arm, reason }) => [arm, reason]));
    const arms = [...new Set([...armsOf(plan), ...reasons.keys()])].sort();
    const cells = Map.groupBy(results.cells, ({ arm }) => arm);
    const comparisons = Map.groupBy(results.comparisons, ({ arm }) => arm);
    if (arms.every(isMain)) return undefined;
    const shown = new Set(ablationSizes(plan));
    const head = ["arm", "size", "p50", "ratio", "95% CI", "relative to", "CPU/trip"];
    const rows = arms.flatMap((arm): Row[] => {
        const reason = reasons.get(arm);
        if (reason !== undefined) return [`${arm}: unavailable: ${reason}`];
        return ablationRows({ plan, cells: cells.get(arm) ?? [], comparisons: comparisons.get(arm) ?? [] }, arm, shown);
    });
    return { head, rows, left: [0, 5] };
}

/** @param results only of the arm: searching all results for every row would be slow */
function ablationRows(
    results: Pick<Results, "plan" | "cells" | "comparisons">,
    arm: Comparison["arm"],
    shown: Set<number>,
): Row[] {
    const { plan, cells, comparisons } = results;
    const sizes = sizesOf(plan, arm)
        .filter((size) => shown.has(size))
        .toSorted((one, other) => one - other);
    return sizes.map((size, index) => {
        const cell = cells.find((candidate) => candidate.size === size);
        const comparison = comparisons.find((candidate) => candidate.size === size);
        const cpu = cell?.cpuSecondsPerRoundTrip;
        return [
            index === 0 ? arm : "",
            formatSize(size),
            formatSeconds(cell?.p50Seconds),
            ...ratioColumns(comparison),
            index === 0 ? (specOf(arm).reference ?? "-") : "",
            cpu === undefined || isUnavailable(cpu) ? "-" : formatSeconds(cpu),
        ];
    });
}

/**
 * The main arms under load: at a constant rate, timed from the intended start, and with several round trips in flight.
 * @returns a grid for each of the two that was measured
 */
export function loadTables({ constantRate, throughput }: Pick<Results, "constantRate" | "throughput">): Grid[] {
    const perSecond = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
    const open = constantRate.map((cell) => [
        cell.arm,
        formatSize(cell.size),
        perSecond(cell.ratePerSecond),
        perSecond(cell.achievedPerSecond),
        ...[cell.p50Seconds, cell.p90Seconds, cell.p99Seconds, cell.maxSeconds].map(formatSeconds),
    ]);
    const several = throughput.map((cell) => [
        cell.arm,
        formatSize(cell.size),
        String(cell.concurrency),
        perSecond(cell.roundTripsPerSecond),
        formatBytesPerSecond(cell.bytesPerSecond),
        formatSeconds(cell.p50Seconds),
        formatSeconds(cell.p99Seconds),
    ]);
    const grids = [
        { head: ["constant rate", "size", "target/s", "actual/s", "p50", "p90", "p99", "max"], rows: open, left: [0] },
        {
            head: ["several in flight", "size", "in flight", "actual/s", "payload", "p50", "p99"],
            rows: several,
            left: [0],
        },
    ];
    return grids.filter(({ rows }) => rows.length > 0);
}

/** Cells in modes that only another version knows, by their names. @returns undefined if there are none */
export function otherModesTable({ otherModes = [] }: Pick<Results, "otherModes">): Grid | undefined {
    if (otherModes.length === 0) return undefined;
    const rows = otherModes.map(({ mode, arm, size, trials, p50Seconds, p90Seconds, p99Seconds }) => [
        mode,
        arm,
        formatSize(size),
        String(trials),
        ...[p50Seconds, p90Seconds, p99Seconds].map(formatSeconds),
    ]);
    return { head: ["mode", "arm", "size", "trials", "p50", "p90", "p99"], rows, left: [0, 1] };
}

function ratioColumns(ratio: Pick<Ratio, "ratio" | "interval"> | undefined): [string, string] {
    if (ratio === undefined) return ["-", "-"];
    return [formatRatio(ratio.ratio), ratio.interval === undefined ? "-" : ratioInterval(ratio.interval)];
}

function winner(ratio: Ratio | undefined): string {
    if (ratio === undefined) return "-";
    return `${ratio.verdict.replace(" faster", "")}${ratio.withinNoise ? " (within noise)" : ""}`;
}
