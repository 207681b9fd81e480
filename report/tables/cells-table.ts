import { isMain } from "../../model/arms.ts";
import type { Reading } from "../../model/reading.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Cell, Results, RoundTripUsage } from "../../model/results.ts";
import { formatAbout, formatSize } from "../../model/sizes.ts";
import { formatBytesPerSecond, formatRatio, formatSeconds } from "../words/units.ts";
import type { Grid } from "./grid.ts";

/** If there are more cells, usage is shown only for the main arms: nobody reads ten thousand rows. */
const mostUsage = 1000;

/**
 * Every figure of every cell, in three tables: round-trip times, other figures, and what each container used per
 * round trip. A missing figure is `-`.
 */
export function cellsTables({ cells }: Pick<Results, "cells">): Grid[] {
    const used = cells.length > mostUsage ? cells.filter(({ arm }) => isMain(arm)) : cells;
    return [timesTable(cells), countsTable(cells), usageTable(used, used.length < cells.length)].filter(
        ({ rows }) => rows.length > 0,
    );
}

function timesTable(cells: readonly Cell[]): Grid {
    return {
        caption: "Round trips",
        head: [
            ...["arm", "size", "trials", "round trips", "min", "mean", "p50", "p50, 95% CI"],
            ...["p90", "p99", "p99, 95% CI", "p99.9", "max"],
        ],
        rows: cells.map((cell) => [
            cell.arm,
            formatSize(cell.size),
            String(cell.trials),
            String(cell.roundTrips),
            ...[cell.minSeconds, cell.meanSeconds, cell.p50Seconds].map(formatSeconds),
            intervalWords(cell.p50IntervalSeconds),
            ...[cell.p90Seconds, cell.p99Seconds].map(formatSeconds),
            intervalWords(cell.p99IntervalSeconds),
            ...[cell.p999Seconds, cell.maxSeconds].map(formatSeconds),
        ]),
        left: [0],
    };
}

function intervalWords(interval: Cell["p50IntervalSeconds"]): string {
    return interval?.map(formatSeconds).join(" to ") ?? "-";
}

function countsTable(cells: readonly Cell[]): Grid {
    return {
        caption: "Besides times",
        head: ["arm", "size", "throughput", "misses", "stale acks", "GCs", "GC time", "CPU/trip"],
        rows: cells.map((cell) => [
            cell.arm,
            formatSize(cell.size),
            formatBytesPerSecond(cell.throughputBytesPerSecond),
            String(cell.misses),
            String(cell.staleAcks),
            String(cell.gc.count),
            formatSeconds(cell.gc.seconds),
            shown(cell.cpuSecondsPerRoundTrip, formatSeconds),
        ]),
        left: [0],
    };
}

/** Columns of the usage per round trip. */
const usageColumns: readonly [head: string, figure: keyof RoundTripUsage, format: (value: number) => string][] = [
    ["CPU", "cpuSeconds", formatSeconds],
    ["throttled in total", "throttledSeconds", formatSeconds],
    ["memory peak", "memoryPeakBytes", formatAbout],
    ["block read", "blockReadBytes", formatBytes],
    ["block write", "blockWriteBytes", formatBytes],
    ["read", "readBytes", formatBytes],
    ["write", "writeBytes", formatBytes],
    ["switches", "voluntarySwitches", formatCount],
    ["involuntary", "involuntarySwitches", formatCount],
    ["net in", "networkReceiveBytes", formatBytes],
    ["net out", "networkSendBytes", formatBytes],
    ["loopback", "loopbackBytes", formatBytes],
];

function usageTable(cells: readonly Cell[], cut: boolean): Grid {
    const rows = cells.flatMap(({ arm, size, usage }) =>
        usage === undefined
            ? []
            : (["initiator", "responder"] as const).map((end) => [
                  arm,
                  formatSize(size),
                  end,
                  ...usageColumns.map(([, figure, format]) => shown(usage[end][figure], format)),
              ]),
    );
    const which = cut ? " (main arms only; results.json and the CSV have all)" : "";
    return {
        caption: `Usage of each container per round trip${which}`,
        head: ["arm", "size", "container", ...usageColumns.map(([head]) => head)],
        rows: rows.length === 0 ? [] : [...rows, ...reasons(cells)],
        left: [0, 2],
    };
}

/** Why figures are unavailable, each reason once with its columns. */
function reasons(cells: readonly Cell[]): string[] {
    const columnsOf = new Map<string, Set<string>>();
    for (const { usage } of cells) {
        if (usage === undefined) continue;
        for (const [head, figure] of usageColumns) {
            for (const reading of [usage.initiator[figure], usage.responder[figure]]) {
                if (!isUnavailable(reading)) continue;
                columnsOf.set(reading.unavailable, (columnsOf.get(reading.unavailable) ?? new Set()).add(head));
            }
        }
    }
    return [...columnsOf].map(([reason, columns]) => `${[...columns].join(", ")}: unavailable: ${reason}`);
}

function shown(reading: Reading<number>, format: (value: number) => string): string {
    return isUnavailable(reading) ? "-" : format(reading);
}

/** An average, so small values have decimals. */
function formatBytes(bytes: number): string {
    return bytes > 0 && bytes < 9.95 ? `${Number(bytes.toPrecision(2))} B` : formatAbout(Math.round(bytes));
}

function formatCount(count: number): string {
    return count === 0 ? "0" : formatRatio(count);
}
