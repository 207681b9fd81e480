import { entryOf } from "../model/ledger.ts";
import type { Injection } from "../model/scenarios.ts";
import { type FlowShares, type ReplicaShare, type ShareCell, shareBinSeconds } from "../model/shares.ts";
import { durationOf, middleOf } from "./order.ts";
import { rounded } from "./rounding.ts";
import { figureOf } from "./scenario-cell.ts";
import { dueOf, slotsIn, type Timetable } from "./timetable.ts";

/** What is known of a replica of the responder. Times are relative to the injection, in seconds. */
export interface Replica {
    readySeconds: number;
    /** When it began to end; absent if it did not. */
    endSeconds?: number;
    /** A byte for each message: see model/ledger.ts. */
    ledger: Uint8Array;
}

/** The messages of a flow that are looked at. */
export interface Due extends Timetable {
    flow: string;
    /** When the first message of the ledgers was due, relative to the injection; seconds. */
    startSeconds: number;
    /** The first sequence number that counts, and the one after the last. */
    from: number;
    to: number;
}

/** The time in which a replica must receive half of its fair share, in seconds. */
const windowSeconds = 1;

/** How the messages of a flow were shared. A message counts when it was due. @param replicas in the order in which they became ready */
export function sharesOf(due: Due, replicas: readonly Replica[]): FlowShares {
    const { flow, startSeconds, from, to } = due;
    const at = (sequence: number) => startSeconds + dueOf(due, sequence);
    const sequences = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
    const isReady = ({ readySeconds, endSeconds = Number.POSITIVE_INFINITY }: Replica, seconds: number) =>
        readySeconds <= seconds && seconds < endSeconds;
    const readyAt = (seconds: number) => replicas.filter((replica) => isReady(replica, seconds)).length;
    const arrived = ({ ledger }: Replica, of: readonly number[]) =>
        of.filter((sequence) => entryOf(ledger[sequence] ?? 0).received > 0).length;
    const arrivedAtAll = (of: readonly number[]) => replicas.reduce((sum, replica) => sum + arrived(replica, of), 0);

    const most = Math.max(0, ...sequences.map((sequence) => readyAt(at(sequence))));
    const whileMost = sequences.filter((sequence) => readyAt(at(sequence)) === most);
    const all = arrivedAtAll(whileMost);
    const untilShare = (replica: Replica): number | null => {
        const first = sequences.find((sequence) => {
            const window = Math.round(slotsIn(due, dueOf(due, sequence) + windowSeconds)) - sequence;
            if (!isReady(replica, at(sequence)) || sequence + window > to) return false;
            const within = Array.from({ length: window }, (_, index) => sequence + index);
            const own = arrived(replica, within);
            return own > 0 && own >= arrivedAtAll(within) / readyAt(at(sequence)) / 2;
        });
        return first === undefined ? null : rounded(at(first) - replica.readySeconds);
    };
    const fromSeconds = Math.floor(at(from) / shareBinSeconds) * shareBinSeconds;
    const bins = Math.max(0, Math.ceil((at(to) - fromSeconds) / shareBinSeconds - 1e-6));
    const binned = Map.groupBy(sequences, (sequence) => Math.floor((at(sequence) - fromSeconds) / shareBinSeconds));
    return {
        flow,
        fromSeconds,
        ...(all > 0 && { busiest: rounded(Math.max(...replicas.map((one) => arrived(one, whileMost))) / all) }),
        replicas: replicas.map((replica, index): ReplicaShare => {
            const { readySeconds, endSeconds } = replica;
            return {
                replica: `${index + 1}`,
                readySeconds: rounded(readySeconds),
                ...(endSeconds !== undefined && { endSeconds: rounded(endSeconds) }),
                ...(readySeconds > 0 && { untilShareSeconds: untilShare(replica) }),
                arrivals: Array.from({ length: bins }, (_, bin) => arrived(replica, binned.get(bin) ?? [])),
            };
        }),
    };
}

/** A flow of an injection with several replicas. */
export interface SharedFlow {
    injection: Injection;
    shares: FlowShares;
}

/**
 * How one flow was shared, over injections of one scenario into one topology, as far as something arrived.
 * @returns undefined if nothing did in any of them
 */
export function shareCellOf(all: readonly SharedFlow[]): ShareCell | undefined {
    const observed = all.filter(({ shares }) => shares.busiest !== undefined);
    const [first] = observed;
    if (first === undefined) return undefined;
    const { median, interval } = durationOf(observed.map(({ shares }) => shares.busiest ?? 0));
    const slowest = observed.flatMap(({ shares }) => slowestOf(shares) ?? []);
    return {
        scenario: first.injection.scenario,
        topology: first.injection.topology,
        flow: first.shares.flow,
        injections: observed.length,
        replicas: Math.round(middleOf(observed.map(({ shares }) => shares.replicas.length).sort((a, b) => a - b))),
        busiest: { median: rounded(median), ...(interval && { interval: interval.map(rounded) as [number, number] }) },
        ...(slowest.length > 0 && { untilShare: figureOf(slowest) }),
        watchedSeconds: rounded(Math.min(...observed.map(({ injection }) => injection.watchedSeconds))),
        fromSeconds: first.shares.fromSeconds,
        arrivals: Object.fromEntries(first.shares.replicas.map(({ replica, arrivals }) => [replica, arrivals])),
    };
}

/** Until all new replicas had their share; `Infinity`: not while they were watched; undefined without new ones. */
function slowestOf({ replicas }: FlowShares): number | undefined {
    const waits = replicas.flatMap(({ untilShareSeconds: wait }) => (wait === undefined ? [] : [wait ?? never]));
    return waits.length === 0 ? undefined : Math.max(...waits);
}

const never = Number.POSITIVE_INFINITY;
