import { encodeHistogram } from "../../report/histogram.ts";
import type { ScheduledBlock } from "../../report/plan.ts";
import type { Block, CellRecord, Counters, Info } from "../../report/schema.ts";
import { formatSize } from "../../report/sizes.ts";
import type { Payload, Trial } from "../control-api.ts";
import type { ControlClient } from "./control-client.ts";

/** Both ends of an arm. */
export interface Ends {
    initiator: ControlClient;
    responder: ControlClient;
    uploadUrl?: string | undefined;
}

/** What an attempt needs to know of the plan. */
export interface BlockPlan {
    warmupSeconds: number;
    warmupRoundTrips: number;
    cellSeconds: number;
}

/** What came of one attempt. */
export type Attempt = Pick<Block, "state" | "reasons" | "cells" | "containers">;

/** A cell goes on until it has a median: 10 samples above and below it. */
const leastRoundTrips = 20;
/** The warm-up ends with some rounds of a size that takes several reads and writes. */
const largeWarmup = { size: 2 ** 20, roundTrips: 20 };

/**
 * Measures all sizes of a block once, with fresh processes at both ends.
 * @param beforeCell awaited before each cell, while nothing is measured
 * @throws ControlError where an end failed: the attempt is void
 */
export async function attemptBlock(
    { arm, sizes }: ScheduledBlock,
    plan: BlockPlan,
    { initiator, responder, uploadUrl }: Ends,
    beforeCell: (size: number) => Promise<void>,
): Promise<Attempt> {
    const trial: Trial = { arm, maxSize: Math.max(...sizes), ...(uploadUrl === undefined ? {} : { uploadUrl }) };
    await initiator.endTrial(); // one of an earlier driver may still be measuring
    await responder.startTrial(trial);
    await initiator.startTrial(trial);
    const before = await Promise.all([stateOf(initiator), stateOf(responder)]);
    await warmUp(initiator, sizes, plan);

    const cells: CellRecord[] = [];
    for (const size of sizes) {
        cells.push(await measureCell(arm, size, plan.cellSeconds, { initiator, responder }, () => beforeCell(size)));
    }

    const after = await Promise.all([stateOf(initiator), stateOf(responder)]);
    const containers = before.map(({ info, counters }, end) => ({
        info,
        before: counters,
        after: (after[end] as State).counters,
    }));
    const restarted = before.filter(({ info }, end) => info.bootId !== after[end]?.info.bootId);
    if (restarted.length > 0) {
        const reasons = restarted.map(({ info }) => `${info.role} was restarted during the block`);
        return { state: "void", reasons, cells, containers };
    }
    const reasons = containers.flatMap((container) => throttling(container) ?? []);
    return { state: reasons.length > 0 ? "disturbed" : "ok", reasons, cells, containers };
}

interface State {
    info: Info;
    counters: Counters;
}

async function stateOf(end: ControlClient): Promise<State> {
    const [info, counters] = await Promise.all([end.info(), end.counters()]);
    return { info, counters };
}

/** What it measures is dropped. */
async function warmUp(initiator: ControlClient, sizes: readonly number[], plan: BlockPlan): Promise<void> {
    if (plan.warmupSeconds === 0 && plan.warmupRoundTrips === 0) return;
    await initiator.prepare(Math.min(...sizes));
    await initiator.measure({ seconds: plan.warmupSeconds, roundTrips: Math.max(1, plan.warmupRoundTrips) });
    await initiator.prepare(Math.min(largeWarmup.size, Math.max(...sizes)));
    await initiator.measure({ seconds: 0, roundTrips: largeWarmup.roundTrips });
}

async function measureCell(
    arm: string,
    size: number,
    seconds: number,
    { initiator, responder }: Pick<Ends, "initiator" | "responder">,
    beforeCell: () => Promise<void>,
): Promise<CellRecord> {
    const [first] = await Promise.all([compare(arm, size, initiator.prepare(size), responder), beforeCell()]);
    if (first !== undefined) return voidCell(size, first);
    const measured = await initiator.measure({ seconds, roundTrips: leastRoundTrips });
    const last = await compare(arm, size, Promise.resolve(measured.last), responder);
    const state = last === undefined ? "ok" : "void";
    return { size, state, reasons: last === undefined ? [] : [last], ...measured.cell };
}

/** @returns which side saw what, where the responder does not hold what the initiator sent */
async function compare(
    arm: string,
    size: number,
    sending: Promise<Payload>,
    responder: ControlClient,
): Promise<string | undefined> {
    const sent = await sending;
    const held = await responder.received();
    if (sent.round === held.round && sent.length === held.length && sent.sha256 === held.sha256) return undefined;
    const [from, to] = arm.startsWith("network/") ? ["sender", "receiver"] : ["writer", "reader"];
    return `${arm} ${formatSize(size)}: ${from} sent ${shown(sent)}, ${to} holds ${shown(held)}`;
}

function shown({ round, length, sha256 }: Payload): string {
    return `round ${round}: ${length} B sha256 ${sha256.slice(0, 12)}…`;
}

function voidCell(size: number, reason: string): CellRecord {
    return {
        size,
        state: "void",
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

/** Why a container's CPU limit disturbed the block; undefined where it didn't, or the platform doesn't say. */
function throttling({ info, before, after }: Block["containers"][number]): string | undefined {
    if (typeof before.throttledPeriods !== "number" || typeof after.throttledPeriods !== "number") return undefined;
    const periods = after.throttledPeriods - before.throttledPeriods;
    if (periods <= 0) return undefined;
    const known = typeof before.throttledSeconds === "number" && typeof after.throttledSeconds === "number";
    const seconds = known ? `, ${(Number(after.throttledSeconds) - Number(before.throttledSeconds)).toFixed(3)} s` : "";
    return `${info.role} was throttled (${periods} periods${seconds}): raise its CPU limit or remove it`;
}
