import { randomUUID } from "node:crypto";
import { type Arm, familyOf } from "../../report/arms.ts";
import { expectedSeconds, type Plan, type ScheduledBlock, schedule } from "../../report/plan.ts";
import { aggregate, environmentOf } from "../../report/results.ts";
import { type Block, type Reading, schemaVersion } from "../../report/schema.ts";
import { formatSize } from "../../report/sizes.ts";
import { messageOf } from "../process.ts";
import { type Attempt, attemptBlock, type Ends } from "./block.ts";
import { ControlClient, ControlError } from "./control-client.ts";
import { checkBlocks, Journal, type JournalContents } from "./journal.ts";
import { KubeClient, KubeError } from "./kube-client.ts";
import { LeaseLost, RunLease } from "./lease.ts";

/** Exit codes of the driver. */
export const exits = { complete: 0, unexpected: 1, badInput: 2, partial: 4, deadline: 9 } as const;

/** Why a run is stopped before its end. */
export class Stop extends Error {
    override name = "Stop";
    readonly exit: number;
    constructor(message: string, exit: number) {
        super(message);
        this.exit = exit;
    }
}

/** What the driver works with. */
export interface DriverOptions {
    plan: Plan;
    namespace: string;
    podName: string;
    apiUrl: string;
    serviceAccount: string;
    /** Aborted with a {@link Stop}: the run ends with what it has. */
    signal: AbortSignal;
    log: (line: string) => void;
    /** How long the control servers may take to come up; seconds. @default 60 */
    readySeconds?: number;
}

const attempts = 3;
/** The last words after a stop may take so long; seconds. */
const lastWordsSeconds = 8;

/**
 * Carries the plan out: what the journal lacks is measured, then everything is aggregated.
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
    let outcome: { exit: number; reason?: string };
    try {
        await lease.acquire((holder) => log(`waiting for ${holder}, which works on run "${runId}"`), signal);
        if ((await journal.readCompleteResults()) !== undefined) {
            log(`run "${runId}" is complete already`);
            await lease.release(kube);
            return exits.complete;
        }
        run = new Run(options, journal, lease, await versionOf(kube));
        await run.measure();
        outcome = run.outcome();
    } catch (error) {
        if (error instanceof LeaseLost) {
            log(`${error.message}; leaving it alone`);
            return exits.partial;
        }
        const stop = signal.aborted ? signal.reason : error;
        outcome = { exit: stop instanceof Stop ? stop.exit : exits.unexpected, reason: messageOf(stop) };
        log(`stopped: ${outcome.reason}`);
    } finally {
        await run?.close();
    }
    const lastKube = signal.aborted ? kube.withSignal(AbortSignal.timeout(lastWordsSeconds * 1000)) : kube;
    await run?.finish(new Journal(lastKube, runId), outcome.reason);
    await lease.release(lastKube);
    return outcome.exit;
}

/** One run, from the journal as it was found to the results. */
class Run {
    readonly #options: DriverOptions;
    readonly #journal: Journal;
    readonly #lease: RunLease;
    readonly #kubernetesVersion: Reading<string>;
    readonly #schedule: ScheduledBlock[];
    readonly #clients = new Map<string, ControlClient>();
    readonly #startedAt = new Date().toISOString();
    /** Arms that are given up, with the reason. */
    readonly #dead = new Map<Arm, string>();
    #contents: JournalContents = { blocks: [], broken: [] };
    #cellsDone = 0;

    constructor(options: DriverOptions, journal: Journal, lease: RunLease, kubernetesVersion: Reading<string>) {
        this.#options = options;
        this.#journal = journal;
        this.#lease = lease;
        this.#kubernetesVersion = kubernetesVersion;
        this.#schedule = schedule(options.plan);
    }

    async measure(): Promise<void> {
        const { plan, log } = this.#options;
        this.#contents = await this.#journal.read();
        const { blocks, broken } = this.#contents;
        checkBlocks(blocks, this.#schedule);
        for (const { reason } of broken) log(reason);
        if (blocks.length > 0) log(`going on after ${blocks.length} of ${this.#schedule.length} blocks`);
        await this.#untilReady();
        const taken = new Set([
            ...blocks.map(({ index }) => index),
            ...broken.map(({ name }) => Number(/\d+$/.exec(name)?.[0])),
        ]);
        this.#cellsDone = taken.size * plan.sizes.length;
        for (const block of this.#schedule) {
            if (taken.has(block.index)) continue;
            const dead = this.#dead.has(block.arm);
            if (!dead) await this.#measureBlock(block);
            this.#cellsDone = (taken.size + 1) * plan.sizes.length;
            taken.add(block.index);
        }
    }

    /** How the run ended, where nothing stopped it. */
    outcome(): { exit: number; reason?: string } {
        const reasons = [
            ...[...this.#dead].map(([arm, reason]) => `${arm} was given up: ${reason}`),
            ...this.#contents.broken.map(({ reason }) => reason),
        ];
        return reasons.length === 0 ? { exit: exits.complete } : { exit: exits.partial, reason: reasons.join("; ") };
    }

    /** Aggregates what there is and writes it. */
    async finish(journal: Journal, incompleteReason: string | undefined): Promise<void> {
        const { plan, log } = this.#options;
        const { blocks } = this.#contents;
        const totals = { blocks: this.#schedule.length, cells: this.#schedule.length * plan.sizes.length };
        const progress = { block: blocks.length, ...totals, cell: this.#cellsDone, remainingSeconds: 0 };
        await journal.writeProgress({ phase: "aggregating", ...progress });
        const results = aggregate({
            plan,
            blocks,
            environment: environmentOf(blocks, plan, this.#kubernetesVersion),
            startedAt: [this.#startedAt, ...blocks.map(({ startedAt }) => startedAt)].sort()[0] as string,
            complete: incompleteReason === undefined,
            ...(incompleteReason === undefined ? {} : { incompleteReason }),
        });
        await journal.writeResults(results);
        log(`${results.complete ? "complete" : "incomplete"}: ${results.summary}`);
        await journal.writeProgress({ phase: "done", ...progress });
    }

    async close(): Promise<void> {
        await Promise.all([...this.#clients.values()].map((client) => client.close()));
    }

    /** An arm whose control servers don't come up is given up; the others go on. */
    async #untilReady(): Promise<void> {
        const { plan, readySeconds = 60, log } = this.#options;
        await Promise.all(
            plan.arms.map(async (arm) => {
                const { initiator, responder } = this.#ends(arm);
                try {
                    await Promise.all([initiator.untilReady(readySeconds), responder.untilReady(readySeconds)]);
                } catch (error) {
                    if (!(error instanceof ControlError)) throw error;
                    log(`${arm}: ${error.message}`);
                    this.#dead.set(arm, error.message);
                }
            }),
        );
    }

    /** Up to three attempts; the last one goes into the journal, with what was wrong with the others. */
    async #measureBlock(block: ScheduledBlock): Promise<void> {
        const { plan, log } = this.#options;
        const startedAt = new Date().toISOString();
        const startMs = performance.now();
        const earlier: string[] = [];
        for (let attempt = 1; ; attempt++) {
            const { code, ...result } = await this.#attempt(block);
            const last = result.state === "ok" || attempt === attempts || code === "too-many-misses";
            const name = `block ${block.index + 1}/${this.#schedule.length} ${block.arm}`;
            if (!last) {
                earlier.push(...result.reasons.map((reason) => `attempt ${attempt}: ${reason}`));
                log(`${name}: ${result.state}, repeated: ${result.reasons.join("; ")}`);
                continue;
            }
            const done: Block = {
                schemaVersion,
                runId: plan.runId,
                index: block.index,
                round: block.round,
                arm: block.arm,
                attempt,
                startedAt,
                seconds: (performance.now() - startMs) / 1000,
                ...result,
                reasons: [...earlier, ...result.reasons],
            };
            const voids = done.cells.flatMap(({ reasons }) => reasons);
            log([`${name}: ${done.state} in ${done.seconds.toFixed(1)} s`, ...done.reasons, ...voids].join("; "));
            if (done.state === "void") this.#dead.set(block.arm, result.reasons.join("; "));
            await this.#journal.writeBlock(done);
            this.#contents.blocks.push(done);
            return;
        }
    }

    async #attempt(block: ScheduledBlock): Promise<Attempt & { code?: string | undefined }> {
        const { plan } = this.#options;
        const ends = this.#ends(block.arm);
        let cell = 0;
        try {
            // A container that has just been restarted needs a moment.
            const { readySeconds = 60 } = this.#options;
            await Promise.all([ends.initiator.untilReady(readySeconds), ends.responder.untilReady(readySeconds)]);
            return await attemptBlock(block, plan, ends, async (size) => {
                await Promise.all([this.#lease.renew(), this.#tellProgress(block, size, cell)]);
                cell += 1;
            });
        } catch (error) {
            if (!(error instanceof ControlError)) throw error;
            const at = block.sizes[cell - 1];
            const where = at === undefined ? "before the first cell" : `at ${formatSize(at)}`;
            const code = { code: error.code };
            return { state: "void", reasons: [`${where}: ${error.message}`], cells: [], containers: [], ...code };
        }
    }

    #tellProgress({ index, arm }: ScheduledBlock, size: number, cell: number): Promise<void> {
        const { plan } = this.#options;
        const blocks = this.#schedule.length;
        const cells = blocks * plan.sizes.length;
        const done = this.#cellsDone + cell;
        const remainingSeconds = (expectedSeconds(plan) * (cells - done)) / cells;
        const now = { phase: "measuring" as const, block: index, blocks, cell: done, cells, arm, size };
        return this.#journal.writeProgress({ ...now, remainingSeconds });
    }

    #ends(arm: Arm): Ends {
        const family = familyOf(arm);
        const ends = this.#options.plan[family];
        if (ends === undefined) throw new Error(`the plan says nothing of where ${family} is reached`);
        const uploadUrl = "uploadUrl" in ends ? ends.uploadUrl : undefined;
        return {
            initiator: this.#client(ends.initiator.control),
            responder: this.#client(ends.responder.control),
            uploadUrl,
        };
    }

    #client(url: string): ControlClient {
        let client = this.#clients.get(url);
        if (client === undefined) {
            client = new ControlClient(url, this.#options.signal);
            this.#clients.set(url, client);
        }
        return client;
    }
}

async function versionOf(kube: KubeClient): Promise<Reading<string>> {
    try {
        return await kube.version();
    } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        return { unavailable: error.message };
    }
}
