import { randomUUID } from "node:crypto";
import { messageOf } from "../../model/error.ts";
import type { Reading } from "../../model/reading.ts";
import { Journal } from "./journal.ts";
import { KubeClient, KubeError, KubeUnreachable, type RequestOptions } from "./kube-client.ts";
import { LeaseLost, RunLease } from "./lease.ts";
import { Pods } from "./pods.ts";
import { type DriverOptions, Run } from "./run.ts";
import { Injections } from "./scenarios/injections.ts";
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

/** How a driver ended. */
export interface Ending {
    /** One of {@link exits}. */
    code: number;
    /** Why it ended before the plan was carried out. */
    reason?: string;
}

/** How long the API server has to answer for the first time; seconds. */
const firstContactSeconds = 30;
/** Time limit for the last writes after a stop; seconds. */
const lastWordsSeconds = 8;
const lastWords: RequestOptions = { patienceSeconds: lastWordsSeconds - 3, timeoutSeconds: 3 };

/** Time limit for ending the Pods that an earlier driver of scenarios left; seconds. */
const restoreSeconds = 90;

/** Carries out the plan: measures what the journal lacks, then aggregates everything. */
export async function drive(options: DriverOptions): Promise<Ending> {
    const { plan, signal, log } = options;
    const { runId } = plan;
    const kube = new KubeClient(options.apiUrl, options.namespace, options.serviceAccount, signal);
    let version: Reading<string>;
    try {
        version = await versionOf(kube);
    } catch (error) {
        const ending = endingOf(signal.aborted ? signal.reason : error, options);
        log(`stopped: ${ending.reason}`);
        return ending;
    }
    const longest = Math.max(plan.cellSeconds, plan.warmupSeconds);
    const lease = new RunLease(kube, runId, `${options.podName}/${randomUUID()}`, longest);
    const journal = new Journal(kube, runId);
    let run: Run | undefined;
    const scenarios = plan.scenarios && new Injections(options, plan.scenarios, kube, journal, lease);
    let stop: Ending | undefined;
    try {
        await lease.acquire((holder) => log(`waiting for ${holder}, which is working on run "${runId}"`), signal);
        if ((await journal.readCompleteResults()) !== undefined) {
            log(`run "${runId}" is already complete`);
            await lease.release(kube);
            return { code: exits.complete };
        }
        const { prometheusUrl: url } = plan;
        const witnesses = url === undefined ? undefined : new Witnesses(url, kube, signal, log);
        run = new Run(options, journal, lease, new Pods(kube), version, witnesses);
        await scenarios?.restore(kube, restoreSeconds);
        await run.measure();
        await scenarios?.run();
    } catch (error) {
        if (error instanceof LeaseLost) {
            log(`${error.message}; stopping this driver`);
            return { code: exits.partial, reason: error.message };
        }
        stop = endingOf(signal.aborted ? signal.reason : error, options);
        log(`stopped: ${stop.reason}`);
    } finally {
        await run?.close();
    }
    const lastKube = stop === undefined ? kube : kube.withSignal(new AbortController().signal);
    const stopReason = stop?.reason ?? run?.damage ?? scenarios?.damage;
    let incomplete: string | undefined;
    try {
        const patience = stop === undefined ? undefined : lastWords;
        incomplete = await run?.finish(new Journal(lastKube, runId), scenarios?.done ?? [], stopReason, patience);
    } catch (error) {
        const isStopped = stop === undefined && signal.aborted;
        const { code, reason } = endingOf(isStopped ? signal.reason : error, options);
        const unwritten = `the results can't be written: ${reason}`;
        stop = { code: stop?.code ?? code, reason: [stop?.reason, unwritten].filter(Boolean).join("; ") };
        log(unwritten);
    }
    if (stop !== undefined) {
        const restoring = scenarios?.restore(lastKube, lastWordsSeconds);
        await restoring?.catch((error) => log(`an injection is not undone: ${messageOf(error)}`));
    }
    await lease.release(lastKube);
    if (stop !== undefined) return stop;
    return incomplete === undefined ? { code: exits.complete } : { code: exits.partial, reason: incomplete };
}

/** @param cause if the API server can't be reached, the reason says what may block the connection */
function endingOf(cause: unknown, { apiUrl, networkPolicy }: DriverOptions): Ending {
    const hint =
        `; the API server at ${apiUrl} can't be reached from the driver's Pod. If it listens on ` +
        `another port, set hopcost:apiServerPort: NetworkPolicy ${networkPolicy} must let the driver out to it`;
    const reason = `${messageOf(cause)}${cause instanceof KubeUnreachable ? hint : ""}`;
    return { code: cause instanceof Stop ? cause.exit : exits.unexpected, reason };
}

/**
 * The version of the API server: the first request to it.
 * @throws KubeUnreachable if it doesn't answer
 */
async function versionOf(kube: KubeClient): Promise<Reading<string>> {
    try {
        return await kube.version({ patienceSeconds: firstContactSeconds });
    } catch (error) {
        if (error instanceof KubeError) return { unavailable: error.message };
        throw error;
    }
}
