import type { Arm } from "./arms.ts";
import { ReportError } from "./error.ts";
import { decodeHistogram, type Histogram, mergeHistograms, perMille, quantileSeconds } from "./histogram.ts";
import type { Block, Cell, CellRecord } from "./schema.ts";
import { formatSize } from "./sizes.ts";
import { rounded } from "./units.ts";

/** What one block contributes to a cell. */
export interface Trial {
    arm: Arm;
    record: CellRecord;
    histogram: Histogram;
}

/**
 * The journal without repetitions: of each index the last attempt, ascending by index. Identical entries count once.
 * @throws ReportError if an attempt of a block is there twice with different contents
 */
export function finalBlocks(blocks: readonly Block[]): Block[] {
    const byIndex = new Map<number, Block>();
    for (const block of blocks) {
        const other = byIndex.get(block.index);
        if (other?.attempt === block.attempt && JSON.stringify(other) !== JSON.stringify(block)) {
            throw new ReportError(
                `journal of run "${block.runId}": attempt ${block.attempt} of block ${block.index} is there twice with different contents; start a new run`,
            );
        }
        if (other === undefined || other.attempt < block.attempt) byIndex.set(block.index, block);
    }
    return [...byIndex.values()].sort((one, other) => one.index - other.index);
}

/**
 * The usable records of every arm and size, in the order of the blocks: neither void blocks nor void cells nor cells
 * without a round trip.
 * @param blocks as {@link finalBlocks} gives them
 * @returns per arm and size (see {@link trialsOf}) one entry a block
 * @throws ReportError if a histogram can't be read or holds another number of round trips than the record
 */
export function collectTrials(blocks: readonly Block[]): Map<string, Trial[]> {
    const used = blocks.filter(({ state }) => state !== "void");
    const trials = used.flatMap((block) =>
        block.cells
            .filter(({ state, roundTrips }) => state === "ok" && roundTrips > 0)
            .map((record): Trial => ({ arm: block.arm, record, histogram: histogramOf(block, record) })),
    );
    return Map.groupBy(trials, ({ arm, record }) => key(arm, record.size));
}

/** The entry of {@link collectTrials} for an arm and a size in bytes; empty where there is none. */
export function trialsOf(trials: ReadonlyMap<string, Trial[]>, arm: Arm, size: number): Trial[] {
    return trials.get(key(arm, size)) ?? [];
}

/**
 * One arm at one size over all its trials; quantiles are those of all round trips together.
 * @param trials of the same arm and size
 * @returns undefined without a trial
 */
export function cellOf(trials: readonly Trial[]): Cell | undefined {
    const [first] = trials;
    if (first === undefined) return undefined;
    const records = trials.map(({ record }) => record);
    const sum = (figure: (record: CellRecord) => number) =>
        records.reduce((total, record) => total + figure(record), 0);
    const merged = mergeHistograms(trials.map(({ histogram }) => histogram));
    const roundTrips = sum((record) => record.roundTrips);
    const mean = sum((record) => record.sumSeconds) / roundTrips;
    const { size } = first.record;
    return {
        arm: first.arm,
        size,
        trials: trials.length,
        roundTrips,
        minSeconds: rounded(Math.min(...records.map((record) => record.minSeconds))),
        meanSeconds: rounded(mean),
        maxSeconds: rounded(Math.max(...records.map((record) => record.maxSeconds))),
        ...present("p50Seconds", quantileSeconds(merged, perMille.p50)),
        ...present("p90Seconds", quantileSeconds(merged, perMille.p90)),
        ...present("p99Seconds", quantileSeconds(merged, perMille.p99)),
        ...present("p999Seconds", quantileSeconds(merged, perMille.p999)),
        throughputBytesPerSecond: mean > 0 ? rounded(size / mean) : 0,
        misses: sum((record) => record.misses),
        staleAcks: sum((record) => record.staleAcks),
        gc: { count: sum((record) => record.gc.count), seconds: rounded(sum((record) => record.gc.seconds)) },
    };
}

function histogramOf(block: Block, record: CellRecord): Histogram {
    const where = `block ${block.index} (${block.arm}), ${formatSize(record.size)}`;
    let histogram: Histogram;
    try {
        histogram = decodeHistogram(record.histogram);
    } catch (cause) {
        throw new ReportError(`${where}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
    if (histogram.count !== record.roundTrips) {
        throw new ReportError(
            `${where}: the histogram holds ${histogram.count} round trips, expected ${record.roundTrips}; repeat the block`,
        );
    }
    return histogram;
}

function present<Name extends string>(name: Name, value: number | undefined): { [key in Name]?: number } {
    return value === undefined ? {} : ({ [name]: rounded(value) } as { [key in Name]: number });
}

function key(arm: Arm, size: number): string {
    return `${arm} ${size}`;
}
