import { messageOf, ReportError } from "../model/error.ts";
import { formatSize } from "../model/sizes.ts";
import type { CellRecord, Trial } from "../model/trial.ts";
import { decodeHistogram, type Histogram } from "./histogram.ts";

/** The part of a cell from one trial. */
export interface CellTrial {
    arm: string;
    /** Index of the trial in the run. */
    trial: number;
    record: CellRecord;
    histogram: Histogram;
}

/** One arm in one mode at one size in bytes. */
export interface CellKey {
    arm: string;
    mode: string;
    size: number;
}

/** The usable records of a run; {@link trialsOf} reads it. */
export type CellTrials = ReadonlyMap<string, CellTrial[]>;

/**
 * The journal without repetitions: the last attempt of each index, ascending by index. Identical entries count once.
 * @throws ReportError if the journal has an attempt twice with different contents
 */
export function finalTrials(trials: readonly Trial[]): Trial[] {
    const byIndex = new Map<number, Trial>();
    for (const trial of trials) {
        const other = byIndex.get(trial.index);
        if (other?.attempt === trial.attempt && JSON.stringify(other) !== JSON.stringify(trial)) {
            throw new ReportError(
                `journal of run "${trial.runId}": attempt ${trial.attempt} of trial ${trial.index} exists twice with different contents; start a new run`,
            );
        }
        if (other === undefined || other.attempt < trial.attempt) byIndex.set(trial.index, trial);
    }
    return [...byIndex.values()].sort((one, other) => one.index - other.index);
}

/**
 * The usable records of every arm, mode and size, in the order of the trials: without discarded or unavailable trials,
 * discarded cells and cells without a round trip.
 * @param trials as {@link finalTrials} returns them
 * @returns one entry per trial for each cell
 * @throws ReportError if a histogram can't be read or its number of round trips differs from the record's
 */
export function collectTrials(trials: readonly Trial[]): CellTrials {
    const records = trials.filter(isUsed).flatMap((trial) =>
        trial.cells
            .filter(({ state, roundTrips }) => state === "ok" && roundTrips > 0)
            .map(
                (record): CellTrial => ({
                    arm: trial.arm,
                    trial: trial.index,
                    record,
                    histogram: histogramOf(trial, record),
                }),
            ),
    );
    return Map.groupBy(records, ({ arm, record: { mode, size } }) => keyOf({ arm, mode, size }));
}

/** Whether the measurements of a trial count. */
export function isUsed({ state }: Trial): boolean {
    return state === "ok" || state === "noisy";
}

/** The trials of a cell, in the order of the trials; empty if there are none. */
export function trialsOf(cellTrials: CellTrials, key: CellKey): CellTrial[] {
    return cellTrials.get(keyOf(key)) ?? [];
}

function histogramOf(trial: Trial, record: CellRecord): Histogram {
    const where = `trial ${trial.index} (${trial.arm}), ${formatSize(record.size)}`;
    let histogram: Histogram;
    try {
        histogram = decodeHistogram(record.histogram);
    } catch (cause) {
        throw new ReportError(`${where}: ${messageOf(cause)}`, { cause });
    }
    if (histogram.count !== record.roundTrips) {
        throw new ReportError(
            `${where}: the histogram holds ${histogram.count} round trips, expected ${record.roundTrips}; repeat the trial`,
        );
    }
    return histogram;
}

function keyOf({ arm, mode, size }: CellKey): string {
    return `${arm} ${mode} ${size}`;
}
