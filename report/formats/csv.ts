import type { Reading } from "../../model/reading.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Cell, ConstantRateCell, Results, RoundTripUsage, ThroughputCell } from "../../model/results.ts";

/** The figures of a row by column; what a cell doesn't have is absent. */
type Figures = Partial<Record<string, Reading<number> | string>>;

const usageColumns = {
    cpuSeconds: "cpu_seconds",
    throttledSeconds: "throttled_seconds_total",
    memoryPeakBytes: "memory_peak_bytes",
    blockReadBytes: "block_read_bytes",
    blockWriteBytes: "block_write_bytes",
    readBytes: "read_bytes",
    writeBytes: "write_bytes",
    voluntarySwitches: "voluntary_switches",
    involuntarySwitches: "involuntary_switches",
    networkReceiveBytes: "network_receive_bytes",
    networkSendBytes: "network_send_bytes",
    loopbackBytes: "loopback_bytes",
} as const satisfies Record<keyof RoundTripUsage, string>;

/** Columns in their order; units are in the names, and what a container used is per round trip but for totals and peaks. */
const columns: readonly string[] = [
    ...["run_id", "arm", "mode", "size_bytes", "trials", "round_trips"],
    ...["min_seconds", "mean_seconds", "p50_seconds", "p50_low_seconds", "p50_high_seconds", "p90_seconds"],
    ...["p99_seconds", "p99_low_seconds", "p99_high_seconds", "p999_seconds", "max_seconds"],
    ...["throughput_bytes_per_second", "rate_per_second", "achieved_per_second", "concurrency"],
    ...["misses", "stale_acks", "gc_count", "gc_seconds", "cpu_seconds_per_round_trip"],
    ...Object.values(usageColumns).map((name) => `initiator_${name}`),
    ...Object.values(usageColumns).map((name) => `responder_${name}`),
    "unavailable",
];

/**
 * A row for each cell of each mode with all its figures, in SI units as they were measured, as RFC 4180 has it: a head, lines
 * that end with CRLF. What does not exist is empty; what is unavailable is empty too, and the last column says why.
 */
export function resultsCsv(runs: readonly Results[]): string {
    const rows = runs.flatMap(({ runId, cells, constantRate, throughput }) =>
        [...cells.map(closedLoop), ...constantRate.map(constantRateRow), ...throughput.map(throughputRow)].map(
            (figures) => rowOf({ run_id: runId, ...figures }),
        ),
    );
    return [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function rowOf(figures: Figures): string[] {
    const reasons = columns.flatMap((column) => {
        const figure = figures[column];
        return isReason(figure) ? [`${column}: ${figure.unavailable}`] : [];
    });
    const all: Figures = { ...figures, unavailable: reasons.join("; ") };
    return columns.map((column) => {
        const figure = all[column];
        return figure === undefined || isReason(figure) ? "" : String(figure);
    });
}

function isReason(figure: Figures[string]): figure is { unavailable: string } {
    return figure !== undefined && typeof figure !== "string" && isUnavailable(figure);
}

function closedLoop(cell: Cell): Figures {
    const [p50Low, p50High] = cell.p50IntervalSeconds ?? [];
    const [p99Low, p99High] = cell.p99IntervalSeconds ?? [];
    return {
        ...common(cell, "closed-loop"),
        min_seconds: cell.minSeconds,
        mean_seconds: cell.meanSeconds,
        ...known({ p50_low_seconds: p50Low, p50_high_seconds: p50High }),
        ...known({ p99_low_seconds: p99Low, p99_high_seconds: p99High }),
        ...known({ p90_seconds: cell.p90Seconds, p999_seconds: cell.p999Seconds }),
        max_seconds: cell.maxSeconds,
        throughput_bytes_per_second: cell.throughputBytesPerSecond,
        concurrency: 1,
        misses: cell.misses,
        stale_acks: cell.staleAcks,
        gc_count: cell.gc.count,
        gc_seconds: cell.gc.seconds,
        cpu_seconds_per_round_trip: cell.cpuSecondsPerRoundTrip,
        ...(cell.usage === undefined
            ? {}
            : { ...usageOf("initiator", cell.usage.initiator), ...usageOf("responder", cell.usage.responder) }),
    };
}

function constantRateRow(cell: ConstantRateCell): Figures {
    return {
        ...common(cell, "constant-rate"),
        ...known({ p90_seconds: cell.p90Seconds, p999_seconds: cell.p999Seconds }),
        max_seconds: cell.maxSeconds,
        rate_per_second: cell.ratePerSecond,
        achieved_per_second: cell.achievedPerSecond,
    };
}

function throughputRow(cell: ThroughputCell): Figures {
    return {
        ...common(cell, "throughput"),
        throughput_bytes_per_second: cell.bytesPerSecond,
        achieved_per_second: cell.roundTripsPerSecond,
        concurrency: cell.concurrency,
    };
}

function common(cell: Cell | ConstantRateCell | ThroughputCell, mode: string): Figures {
    const { arm, size, trials, roundTrips, p50Seconds, p99Seconds } = cell;
    const quantiles = known({ p50_seconds: p50Seconds, p99_seconds: p99Seconds });
    return { arm, mode, size_bytes: size, trials, round_trips: roundTrips, ...quantiles };
}

function usageOf(end: "initiator" | "responder", usage: RoundTripUsage): Figures {
    const figures = Object.entries(usageColumns) as [keyof RoundTripUsage, string][];
    return Object.fromEntries(figures.map(([figure, name]) => [`${end}_${name}`, usage[figure]]));
}

function known(figures: Record<string, number | undefined>): Figures {
    return Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== undefined)) as Figures;
}

/** Quoted where it holds what separates fields or lines. */
function field(text: string): string {
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
