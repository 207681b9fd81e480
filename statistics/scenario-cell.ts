import { outcomes, undeliveredOf } from "../model/outcomes.ts";
import type { DurationFigure, MedianFigure } from "../model/scenario-fields.ts";
import type { FlowRecord, Injection, OutcomeCounts, ScenarioCell } from "../model/scenarios.ts";
import { isOutAtEnd } from "./bins.ts";
import { fractionInterval } from "./fraction.ts";
import { durationOf } from "./order.ts";
import { finite } from "./outage-verdict.ts";
import { rounded } from "./rounding.ts";

/** A flow of an injection. */
export interface Observation {
    injection: Injection;
    record: FlowRecord;
}

const never = Number.POSITIVE_INFINITY;

/**
 * The figures of one flow over injections of one scenario into one topology, without its bins. The injection is the unit:
 * medians and intervals are over injections; the messages of one are never taken as independent.
 * @param observations at least one, in the order of the journal
 */
export function scenarioCellOf(observations: readonly [Observation, ...Observation[]]): Omit<ScenarioCell, "bins"> {
    const [{ injection, record }] = observations;
    const records = observations.map((one) => one.record);
    const sum = (figure: "slots" | "duplicated" | "corrupt" | "outOfOrder") =>
        records.reduce((total, one) => total + one[figure], 0);
    const outages = records.map(outageOf);
    const recoveries = records.map(({ recoverySeconds = never }) => recoverySeconds);
    const lossy = records.filter((one) => one.outcomes.lost > 0).length;
    return {
        scenario: injection.scenario,
        topology: injection.topology,
        flow: record.flow,
        injections: records.length,
        watchedSeconds: watchedOf(observations),
        outage: figureOf(outages),
        recovery: figureOf(recoveries),
        ...ifSeen(
            "detection",
            records.map(({ firstBadSeconds = never }) => firstBadSeconds),
        ),
        ...ifSeen(
            "reaction",
            observations.map((one) => one.injection.reactionSeconds ?? never),
        ),
        outages: outages.map(finite),
        recoveries: recoveries.map(finite),
        badSeconds: rounded(records.reduce((total, { badSeconds }) => total + badSeconds, 0) / records.length),
        slots: sum("slots"),
        outcomes: countsOf(records),
        duplicated: sum("duplicated"),
        corrupt: sum("corrupt"),
        outOfOrder: sum("outOfOrder"),
        undelivered: medianFigureOf(records.map(({ outcomes: counts }) => undeliveredOf(counts))),
        lossy: {
            injections: lossy,
            interval: fractionInterval(lossy, records.length).map(rounded) as [number, number],
        },
        latenessP99Seconds: rounded(Math.max(...records.map(({ lateness }) => lateness.p99Seconds))),
    };
}

/**
 * How long censored injections were watched at least, so that what did not end took longer; if none is, how long any was, which
 * may be shorter, as watching ends after a recovery.
 */
function watchedOf(observations: readonly Observation[]): number {
    const censored = observations.filter(({ record }) => record.recoverySeconds === undefined);
    const all = censored.length > 0 ? censored : observations;
    return rounded(Math.min(...all.map(({ injection }) => injection.watchedSeconds)));
}

/** Outage of an injection in seconds; `Infinity` if there was no service when the watch ended, so that it took longer. */
export function outageOf({ outageSeconds, recoverySeconds, bins }: FlowRecord): number {
    return recoverySeconds === undefined && isOutAtEnd(bins) ? never : outageSeconds;
}

/** A median over injections with its interval, as it is stored. @param seconds `Infinity`: censored */
export function figureOf(seconds: readonly number[]): DurationFigure {
    const { median, interval, censored } = durationOf(seconds);
    return {
        median: finite(median),
        ...(interval && { interval: interval.map(finite) as [number | null, number | null] }),
        censored,
    };
}

/** The same of what is never censored. */
export function medianFigureOf(values: readonly number[]): MedianFigure {
    const { median, interval } = durationOf(values);
    return { median, ...(interval && { interval }) };
}

/** A figure that only some events have: absent if no injection has it. */
function ifSeen(name: "detection" | "reaction", seconds: readonly number[]): Partial<ScenarioCell> {
    return seconds.every((one) => one === never) ? {} : { [name]: figureOf(seconds) };
}

function countsOf(records: readonly FlowRecord[]): OutcomeCounts {
    const sums = outcomes.map((outcome) => [outcome, records.reduce((sum, one) => sum + one.outcomes[outcome], 0)]);
    return Object.fromEntries(sums) as OutcomeCounts;
}
