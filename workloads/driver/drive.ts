import { randomUUID } from "node:crypto";
import { messageOf } from "../../model/error.ts";
import type { Reading } from "../../model/reading.ts";
import { Journal } from "./journal.ts";
import { KubeClient, KubeError } from "./kube-client.ts";
import { LeaseLost, RunLease } from "./lease.ts";
import { Pods } from "./pods.ts";
import { type DriverOptions, Run } from "./run.ts";
import { Witnesses } from "./witnesses.ts";

/** Exit codes of the driver. */
export const exits = { complete: 0, unexpected: 1, badInput: 2, partial: 4, deadline: 9 } as const;

/** Reason for stopping a run early. */
export class Stop extends Error {
    override name = "Stop";
    readonly exit: number;
    constructor(message: string, exit: number) {
        super(message);
        this.exit = exit;
    }
}

/** Time limit for the last writes after a stop; seconds. */
const lastWordsSeconds = 8;

/**
 * Carries out the plan: measures what the journal lacks, then aggregates everything.
 * @returns the exit code
 */
export async function drive(options: DriverOptions): Promise<number> {
    const { plan, signal, log } = options;
    const { runId } = plan;
    const kube = new KubeClient(options.apiUrl, options.namespace, options.serviceAccount, signal);
    const longest = Math.max(plan.cellSeconds, plan.warmupSeconds);
    const lease = new RunLease(kube, runId, `${options.podName}/${randomUUID()}`, longest);
    const journal = new Journal(kube, runId);
    let run: Run | undefined;
    let stop: { exit: number; reason: string } | undefined;
    try {
        await lease.acquire((holder) => log(`waiting for ${holder}, which is working on run "${runId}"`), signal);
        if ((await journal.readCompleteResults()) !== undefined) {
            log(`run "${runId}" is already complete`);
            await lease.release(kube);
            return exits.complete;
        }
        const { prometheusUrl: url } = plan;
        const witnesses = url === undefined ? undefined : new Witnesses(url, kube, signal, log);
        run = new Run(options, journal, lease, new Pods(kube), await versionOf(kube), witnesses);
        await run.measure();
    } catch (error) {
        if (error instanceof LeaseLost) {
            log(`${error.message}; stopping this driver`);
            return exits.partial;
        }
        const cause = signal.aborted ? signal.reason : error;
        stop = { exit: cause instanceof Stop ? cause.exit : exits.unexpected, reason: messageOf(cause) };
        log(`stopped: ${stop.reason}`);
    } finally {
        await run?.close();
    }
    const lastKube = signal.aborted ? kube.withSignal(AbortSignal.timeout(lastWordsSeconds * 1000)) : kube;
    const complete = await run?.finish(new Journal(lastKube, runId), stop?.reason ?? run.damage);
    await lease.release(lastKube);
    return stop?.exit ?? (complete ? exits.complete : exits.partial);
}

async function versionOf(kube: KubeClient): Promise<Reading<string>> {
    try {
        return await kube.version();
    } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        return { unavailable: error.message };
    }
}
