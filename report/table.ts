import { isMain, mainArms, specOf } from "./arms.ts";
import { closedLoopSizes } from "./plan.ts";
import { isUnavailable } from "./reading.ts";
import type { Comparison, Ratio, Results } from "./schema.ts";
import { formatSize } from "./sizes.ts";
import { type Row, shortLine, textGrid } from "./text-grid.ts";
import { formatBytesPerSecond, formatRatio, formatSeconds } from "./units.ts";

export { metricsTable } from "./metrics-table.ts";
export { phasesTable } from "./phases-table.ts";

/**
 * The results as a plain text table, one line a size: p50 and p99 of both main arms, the ratio of the medians with its
 * 95% interval, and who wins, with a mark where that is within the noise floor. What does not exist (a quantile for lack
 * of round trips, an unmeasured size) is `-`.
 * @returns as {@link textGrid}; numbers are right-aligned
 */
export function resultsTable({ plan, cells, ratios }: Pick<Results, "plan" | "cells" | "ratios">): string {
    const sizes = plan.sizes.toSorted((one, other) => one - other);
    const body = sizes.map((size) => {
        const quantiles = Object.values(mainArms).flatMap((arm) => {
            const cell = cells.find((candidate) => candidate.arm === arm && candidate.size === size);
            return [formatSeconds(cell?.p50Seconds), formatSeconds(cell?.p99Seconds)];
        });
        const ratio = ratios.find((candidate) => candidate.size === size);
        return [formatSize(size), ...quantiles, ...ratioColumns(ratio), winner(ratio)];
    });
    const head = ["size", "p50", "p99", "p50", "p99", "ratio", "95% interval", "faster"];
    return textGrid([head, ...body], {
        left: [0, head.length - 1],
        groups: [
            { title: "", columns: 1 },
            { title: mainArms.network, columns: 2 },
            { title: mainArms.volume, columns: 2 },
            { title: "volume / network", columns: 2 },
        ],
    });
}

/**
 * What the control arms tell, and the main arms beside them, one line an arm and size: p50, how it compares to the arm that differs by one cause, and
 * CPU time a round trip. Arms that could not be measured are listed with the reason.
 * @returns as {@link textGrid}; empty where the run has no control arm
 */
export function controlsTable(results: Pick<Results, "plan" | "cells" | "comparisons" | "unavailable">): string {
    const { plan, unavailable } = results;
    const reasons = new Map(unavailable.map(({ arm, reason }) => [arm, reason]));
    const arms = [...new Set([...plan.arms, ...reasons.keys()])].sort();
    if (arms.every(isMain)) return "";
    const head = ["arm", "size", "p50", "ratio", "95% interval", "relative to", "CPU/trip"];
    const body = arms.flatMap((arm): Row[] => {
        const reason = reasons.get(arm);
        if (reason !== undefined) return [shortLine(`${arm}: unavailable: ${reason}`)];
        return controlRows(results, arm);
    });
    return textGrid([head, ...body], { left: [0, 5] });
}

function controlRows({ plan, cells, comparisons }: Parameters<typeof controlsTable>[0], arm: Comparison["arm"]): Row[] {
    const shown = new Set(plan.controlSizes);
    const sizes = closedLoopSizes(arm, plan)
        .filter((size) => shown.has(size))
        .toSorted((one, other) => one - other);
    return sizes.map((size, index) => {
        const cell = cells.find((candidate) => candidate.arm === arm && candidate.size === size);
        const comparison = comparisons.find((candidate) => candidate.arm === arm && candidate.size === size);
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
 * How the main arms bear load: at a fixed rate, timed from the intended start, and with several round trips in flight.
 * @returns as {@link textGrid}; empty where neither was measured
 */
export function loadTable({ openLoop, throughput }: Pick<Results, "openLoop" | "throughput">): string {
    const perSecond = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
    const open = openLoop.map((cell) => [
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
    const tables = [
        [["fixed rate", "size", "asked/s", "got/s", "p50", "p90", "p99", "max"], ...open],
        [["several in flight", "size", "in flight", "got/s", "payload", "p50", "p99"], ...several],
    ];
    return tables
        .filter((rows) => rows.length > 1)
        .map((rows) => textGrid(rows, { left: [0] }))
        .join("\n\n");
}

function ratioColumns(ratio: Pick<Ratio, "ratio" | "interval"> | undefined): [string, string] {
    if (ratio === undefined) return ["-", "-"];
    return [
        formatRatio(ratio.ratio),
        ratio.interval === undefined ? "-" : ratio.interval.map(formatRatio).join(" to "),
    ];
}

function winner(ratio: Ratio | undefined): string {
    if (ratio === undefined) return "-";
    return `${ratio.verdict.replace(" faster", "")}${ratio.withinNoise ? " (within noise)" : ""}`;
}
