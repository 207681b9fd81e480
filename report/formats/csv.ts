import type { Reading } from "../../model/reading.ts";
import { isUnavailable } from "../../model/reading.ts";
import type {
    Cell,
    ConstantRateCell,
    OtherModeCell,
    PhaseBreakdown,
    Results,
    RoundTripUsage,
    ThroughputCell,
} from "../../model/results.ts";
import { autoscalingColumns } from "./autoscaling-columns.ts";
import { densityColumns, densityRows } from "./density-columns.ts";
import { scenarioColumns, scenarioRows } from "./scenario-columns.ts";

/** The figures of a row by column; figures that a cell doesn't have are absent. */
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

/** Columns in order, units in the names; what a container used is per round trip, except totals and peaks. */
const cellColumns: readonly string[] = [
    ...["run_id", "arm", "mode", "phase", "size_bytes", "trials", "round_trips"],
    ...["min_seconds", "mean_seconds", "p50_seconds", "p50_low_seconds", "p50_high_seconds", "p90_seconds"],
    ...["p99_seconds", "p99_low_seconds", "p99_high_seconds", "p999_seconds", "max_seconds"],
    ...["throughput_bytes_per_second", "rate_per_second", "achieved_per_second", "concurrency"],
    ...["misses", "stale_acks", "gc_count", "gc_seconds", "cpu_seconds_per_round_trip"],
    ...Object.values(usageColumns).map((name) => `initiator_${name}`),
    ...Object.values(usageColumns).map((name) => `responder_${name}`),
];

/**
 * One row per cell and mode with all its figures, in SI units as measured; a cell in mode `phases` has one row per
 * phase, with its time in `mean_seconds`. If a run has scenarios, their cells are rows in mode `scenario`, with columns of
 * their own after the others, and several pairs at once in modes `density` and `density-slope`. The format is RFC 4180: a header, lines that end with CRLF. A missing figure is
 * empty; an unavailable one is empty too, and the last column has the reason.
 */
export function resultsCsv(runs: readonly Results[]): string {
    const hasScenarios = runs.some(({ scenarios }) => scenarios !== undefined);
    const hasDensity = runs.some(({ scenarios }) => scenarios?.density !== undefined);
    const hasAutoscaler = runs.some(({ scenarios }) => scenarios?.elasticity !== undefined);
    const columns = [
        ...cellColumns,
        ...(hasScenarios ? scenarioColumns : []),
        ...(hasAutoscaler ? autoscalingColumns : []),
        ...(hasDensity ? densityColumns : []),
        "unavailable",
    ];
    const rows = runs.flatMap((run) =>
        [
            ...run.cells.map(closedLoop),
            ...run.phases.flatMap(phaseRows),
            ...run.constantRate.map(constantRateRow),
            ...run.throughput.map(throughputRow),
            ...(run.otherModes ?? []).map(otherModeRow),
            ...(run.scenarios === undefined ? [] : scenarioRows(run.scenarios)),
            ...densityRows(run.scenarios?.density ?? []),
        ].map((figures) => rowOf(columns, { run_id: run.runId, ...figures })),
    );
    return [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function rowOf(columns: readonly string[], figures: Figures): string[] {
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

function phaseRows({ arm, size, trials, parts }: PhaseBreakdown): Figures[] {
    const cell = { arm, mode: "phases", size_bytes: size, trials };
    return parts.map(({ name, seconds }) => ({ ...cell, phase: name, mean_seconds: seconds }));
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

function otherModeRow(cell: OtherModeCell): Figures {
    return { ...common(cell, cell.mode), ...known({ p90_seconds: cell.p90Seconds, p999_seconds: cell.p999Seconds }) };
}

function common(cell: Cell | ConstantRateCell | ThroughputCell | OtherModeCell, mode: string): Figures {
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

/** Quoted if it contains separators of fields or lines. */
function field(text: string): string {
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
