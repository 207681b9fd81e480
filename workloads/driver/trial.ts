import { familyOf, specOf } from "../../model/arms.ts";
import { messageOf } from "../../model/error.ts";
import type { Plan } from "../../model/plan.ts";
import type { Reading } from "../../model/reading.ts";
import { endsOf } from "../../model/roles.ts";
import { formatSize } from "../../model/sizes.ts";
import type { CellRecord, Counters, HostContext, Info, Trial } from "../../model/trial.ts";
import { encodeHistogram } from "../../statistics/histogram.ts";
import type { ScheduledCell, ScheduledTrial } from "../../statistics/schedule.ts";
import { usageBetween } from "../../statistics/usage.ts";
import type { Measure, Payload, Prepare } from "../agent/api.ts";
import { AgentError } from "./agent-client.ts";
import type { Ends } from "./ends.ts";
import type { Window } from "./scrapes.ts";

/** The part of the plan that an attempt needs. */
export type TrialPlan = Pick<
    Plan,
    | "seed"
    | "payload"
    | "warmupSeconds"
    | "warmupRoundTrips"
    | "cellSeconds"
    | "cellRoundTrips"
    | "diagnosticSeconds"
    | "ratePerSecond"
    | "concurrency"
>;

/** One end before or after the trial. */
interface State {
    info: Info;
    counters: Counters;
    host: Reading<HostContext>;
}

/** Both ends at one moment. */
interface States {
    /** By the wall clock, to find other sources' figures of the trial; seconds since 1970. */
    atSeconds: number;
    ends: State[];
}

/** Result of one attempt. */
export type Attempt = Pick<Trial, "state" | "reasons" | "cells"> & {
    window: Window;
    /** The journal's containers without what only Kubernetes knows. */
    containers: Omit<Trial["containers"][number], "qosClass" | "metrics">[];
};

/** A cell without its own target continues until it has a median: 10 samples above and 10 below it. */
const leastRoundTrips = 20;
/** The warm-up ends with some round trips of a size that takes several reads and writes. */
const largeWarmup = { size: 2 ** 20, roundTrips: 20 };
/** A trial is noisy if the hypervisor takes a larger share of its CPU time than this. */
const stealBound = 0.02;

/**
 * Measures all cells of a trial once, with fresh processes at both ends.
 * @param beforeCell awaited before each cell, while nothing is measured
 * @throws AgentError if an end failed in a closed-loop cell: the attempt is discarded
 */
export async function attemptTrial(
    { index, arm, cells: scheduled }: ScheduledTrial,
    plan: TrialPlan,
    ends: Ends,
    beforeCell: (cell: ScheduledCell) => Promise<void>,
): Promise<Attempt> {
    const { initiator, responder, uploadUrl } = ends;
    const sizes = scheduled.map(({ size }) => size);
    const { payload, seed } = plan;
    const maxSize = Math.max(...sizes);
    const trial = { arm, index, maxSize, payload, seed, ...(uploadUrl !== undefined && { uploadUrl }) };
    await initiator.endTrial(); // one of an earlier driver might still be measuring
    await responder.startTrial(trial);
    await initiator.startTrial(trial);
    const before = await statesOf(ends);
    await warmUp(ends, sizes, plan);

    const cells: CellRecord[] = [];
    let failure: string | undefined;
    for (const cell of scheduled) {
        if (failure !== undefined) {
            cells.push(discardedCell(cell, plan, `not measured after ${failure}`));
            continue;
        }
        try {
            cells.push(await measureCell(arm, cell, plan, ends, () => beforeCell(cell)));
        } catch (error) {
            // The closed-loop cells are done by then, and remain valid.
            if (cell.mode === "closed-loop" || !(error instanceof AgentError)) throw error;
            failure = `the ${cell.mode} cell at ${formatSize(cell.size)} failed`;
            cells.push(discardedCell(cell, plan, messageOf(error)));
        }
    }
    return judge(before, await statesOf(ends), cells);
}

/** Ends the measured processes at both ends. A failure doesn't matter, because the next trial starts its own. */
export async function endTrials({ initiator, responder }: Ends): Promise<void> {
    await Promise.all([initiator.endTrial(), responder.endTrial()]).catch(() => {});
}

function judge(before: States, after: States, cells: CellRecord[]): Attempt {
    const window = { startSeconds: before.atSeconds, endSeconds: after.atSeconds };
    const containers = before.ends.map(({ info, counters }, end) => {
        const { counters: last, host } = after.ends[end] as State;
        return { info, before: counters, after: last, host };
    });
    const restarted = before.ends.filter(({ info }, end) => info.bootId !== after.ends[end]?.info.bootId);
    if (restarted.length > 0) {
        const reasons = restarted.map(({ info }) => `${info.role} was restarted during the trial`);
        return { state: "discarded", reasons, cells, containers, window };
    }
    const reasons = containers.flatMap((container) => [throttling(container) ?? [], stealing(container) ?? []].flat());
    return { state: reasons.length > 0 ? "noisy" : "ok", reasons, cells, containers, window };
}

async function statesOf({ initiator, responder }: Ends): Promise<States> {
    const startMs = Date.now();
    const ends = await Promise.all(
        [initiator, responder].map(async (end) => {
            const [info, counters, host] = await Promise.all([end.info(), end.counters(), end.host()]);
            return { info, counters, host };
        }),
    );
    return { atSeconds: (startMs + Date.now()) / 2000, ends };
}

/** Measures a warm-up, whose figures are dropped. */
async function warmUp(ends: Ends, sizes: readonly number[], plan: TrialPlan): Promise<void> {
    if (plan.warmupSeconds === 0 && plan.warmupRoundTrips === 0) return;
    const { initiator } = ends;
    await prepare(ends, { size: Math.min(...sizes), mode: "closed-loop", concurrency: 1 });
    await initiator.measure({
        seconds: plan.warmupSeconds,
        roundTrips: Math.max(1, plan.warmupRoundTrips),
        warmUp: true,
    });
    await prepare(ends, { size: Math.min(largeWarmup.size, Math.max(...sizes)), mode: "closed-loop", concurrency: 1 });
    await initiator.measure({ seconds: 0, roundTrips: largeWarmup.roundTrips, warmUp: true });
}

/** Prepares both ends, the responder first. @returns the payloads the initiator sent */
async function prepare({ initiator, responder }: Ends, cell: Prepare): Promise<Payload[]> {
    await responder.prepare(cell);
    return initiator.prepare(cell);
}

async function measureCell(
    arm: string,
    cell: ScheduledCell,
    plan: TrialPlan,
    ends: Ends,
    beforeCell: () => Promise<void>,
): Promise<CellRecord> {
    const { mode, size } = cell;
    const { initiator, responder } = ends;
    const { concurrency, slice } = settingsOf(cell, plan);
    const [sent] = await Promise.all([prepare(ends, { mode, size, concurrency }), beforeCell()]);
    const first = await mismatch(arm, size, sent, ends);
    if (first !== undefined) return discardedCell(cell, plan, first);
    const before = await responder.counters();
    const measured = await initiator.measure(slice);
    const usage = { initiator: measured.usage, responder: usageBetween(before, await responder.counters()) };
    const last = await mismatch(arm, size, measured.last, ends);
    const state = last === undefined ? ("ok" as const) : ("discarded" as const);
    const rate = slice.ratePerSecond === undefined ? {} : { ratePerSecond: slice.ratePerSecond };
    const reasons = last === undefined ? [] : [last];
    return { mode, size, concurrency, ...rate, state, reasons, ...measured.cell, usage };
}

/** How a cell is measured. */
function settingsOf(
    { mode }: ScheduledCell,
    { cellSeconds, cellRoundTrips, diagnosticSeconds, ratePerSecond, concurrency }: TrialPlan,
): { concurrency: number; slice: Measure } {
    if (mode === "closed-loop") {
        return { concurrency: 1, slice: { seconds: cellSeconds, roundTrips: cellRoundTrips } };
    }
    const slice = { seconds: diagnosticSeconds, roundTrips: leastRoundTrips };
    if (mode === "constant-rate") return { concurrency: 1, slice: { ...slice, ratePerSecond } };
    return { concurrency: mode === "throughput" ? concurrency : 1, slice };
}

/** @returns what each side has, if the responder doesn't hold the initiator's last payloads; else undefined */
async function mismatch(
    arm: string,
    size: number,
    sent: readonly Payload[],
    { responder }: Ends,
): Promise<string | undefined> {
    if (familyOf(arm) === "floor") return undefined; // nothing is handed over
    const held = await responder.received();
    const lost = sent.find(
        ({ sequence, length, sha256 }) =>
            !held.some((other) => other.sequence === sequence && other.length === length && other.sha256 === sha256),
    );
    if (lost === undefined) return undefined;
    const { initiator: from, responder: to } = endsOf[specOf(arm).topology ?? "network"];
    const holds = held.length === 0 ? "nothing" : held.map(shown).join(", ");
    return `${arm} ${formatSize(size)}: ${from} sent ${shown(lost)}, ${to} holds ${holds}`;
}

function shown({ sequence, length, sha256 }: Payload): string {
    return `message ${sequence}: ${length} B sha256 ${sha256.slice(0, 12)}…`;
}

function discardedCell(cell: ScheduledCell, plan: TrialPlan, reason: string): CellRecord {
    return {
        ...cell,
        concurrency: settingsOf(cell, plan).concurrency,
        state: "discarded",
        reasons: [reason],
        roundTrips: 0,
        elapsedSeconds: 0,
        sumSeconds: 0,
        minSeconds: 0,
        maxSeconds: 0,
        histogram: encodeHistogram(new Float64Array(0)),
        firstThirdP50Seconds: 0,
        lastThirdP50Seconds: 0,
        misses: 0,
        staleAcks: 0,
        gc: { count: 0, seconds: 0 },
    };
}

/** How a container's CPU limit disturbed the trial; undefined if it didn't or the platform doesn't report it. */
function throttling({ info, before, after }: Attempt["containers"][number]): string | undefined {
    const { throttledPeriods: periods, throttledSeconds: time } = usageBetween(before, after);
    if (typeof periods !== "number" || periods <= 0) return undefined;
    const seconds = typeof time === "number" ? `, ${time.toFixed(3)} s` : "";
    return `${info.role} was throttled (${periods} periods${seconds}): raise its CPU limit or remove it`;
}

/** How a container's machine disturbed the trial; undefined if it didn't or that is unknown. */
function stealing({ info, host }: Attempt["containers"][number]): string | undefined {
    if ("unavailable" in host || host.stealFraction <= stealBound) return undefined;
    const percent = (100 * host.stealFraction).toFixed(1);
    return `the hypervisor took ${percent}% of the CPU time of ${info.role}'s node: use a quieter or a dedicated machine`;
}
