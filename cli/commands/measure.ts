import { ConcurrentUpdateError, type EngineEvent, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { HopcostConfig } from "../../config/config.ts";
import { messageOf } from "../../model/error.ts";
import { apiServerAway, isThisSandbox } from "../../sandbox/cluster/cluster.ts";
import { answerInTime, type Cluster } from "../cluster/cluster.ts";
import { pullFailures, pullRemedy } from "../cluster/image-pull.ts";
import { Outages } from "../cluster/outages.ts";
import { RemovalWatch } from "../cluster/removal-watch.ts";
import { RunWatch } from "../cluster/run-watch.ts";
import { keepEntry } from "../saved/run-folder.ts";
import { endEngine } from "../stack/engine.ts";
import { describe, lockedError, stackCommand } from "../stack/stack.ts";
import { targetsSandbox } from "../stack/target.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { type Show, step } from "../terminal/steps.ts";
import { both, collect, type RunOutcome } from "./collect.ts";

/** How long removing a stack may take, in seconds: on a lost node Pods never end. A cancelled run must end soon. */
const removeSeconds = { usually: 300, cancelled: 40 } as const;

/**
 * Brings a stack up, which measures, collects the results, and removes the stack again.
 * @param how whether to refresh the state first, and whether to remove the stack at the end
 * @param cancel aborted on Ctrl-C
 * @throws CommandError if nothing was measured
 */
export async function deployAndMeasure(
    stack: Stack,
    cluster: Cluster,
    config: HopcostConfig,
    { refresh, restore }: { refresh: boolean; restore: boolean },
    cancel: AbortSignal,
): Promise<RunOutcome> {
    const watch = new RunWatch(cluster, config, keepQuietly, outagesOf(cluster, config));
    const failure = await step(`Run ${config.runId}: deploy and measure`, (show) =>
        up(stack, watch, { cluster, config, refresh, cancel, show }),
    );
    const isAnswering = failure === undefined || (await cluster.isAnswering());
    const removed = async () =>
        restore ? await removeDeployed(stack, cluster, config, isAnswering, cancel) : undefined;
    const collecting = step("Collecting the results", () => collect(cluster, config, { watch, failure, isAnswering }));
    const outcome = await collecting.catch(async (error) => {
        const left = await removed();
        throw error instanceof CommandError ? both(error, left) : error;
    });
    const reason = both(outcome.failure, await removed());
    return { ...outcome, ...(reason && { failure: reason }) };
}

/** Only the API server of this machine's sandbox is ever stopped. */
function outagesOf({ server, kubeConfig }: Cluster, config: HopcostConfig): Outages {
    const isOurs = targetsSandbox(config) && isThisSandbox(server, kubeConfig.getCurrentCluster()?.caData);
    return new Outages(isOurs ? apiServerAway : undefined);
}

/** Saves a trial or an injection as soon as it is finished. If that fails, saving the whole run will say so. */
function keepQuietly(...kept: Parameters<typeof keepEntry>): void {
    try {
        keepEntry(...kept);
    } catch {
        // See above.
    }
}

/** What `up` works with. */
interface Measuring {
    cluster: Cluster;
    config: HopcostConfig;
    refresh: boolean;
    cancel: AbortSignal;
    show: Show;
}

/**
 * Brings the stack up, which runs the Job. If that fails, stops the driver and returns why.
 * @throws CommandError (preflight) if another run holds the stack: then nothing was deployed
 */
async function up(stack: Stack, watch: RunWatch, measuring: Measuring): Promise<CommandError | undefined> {
    const { cluster, config, refresh, cancel, show } = measuring;
    const { errors, onEvent } = eventsTo(show);
    watch.start(show);
    // Refresh, because somebody may have deleted resources, or the cluster may be another one than in the last run.
    const done = stack.up({ refresh, onEvent, suppressProgress: true }).then(
        () => undefined,
        (error: unknown) => ({ error }),
    );
    try {
        const ended = await Promise.race([done, watch.ending, aborted(cancel)]);
        await watch.endOutage();
        if (ended === undefined) return undefined;
        if ("error" in ended) {
            if (ended.error instanceof ConcurrentUpdateError) throw lockedError(stack, ended.error);
            const failure = await failureOf(cluster, config, errors, ended.error);
            await stopDriver(cluster, config, show);
            return failure;
        }
        show("stopping Pulumi");
        if (await endEngine()) await unlock(stack);
        await done;
        if (ended.kind === "written") return undefined;
        await stopDriver(cluster, config, show);
        if (ended.kind === "cancelled")
            return new CommandError(exitCodes.cancelled, `run ${config.runId} was cancelled`);
        return new CommandError(
            exitCodes.runFailed,
            `run ${config.runId} failed in context ${config.context}: ${ended.reason}. Its finished trials are saved; check the cluster, then start again`,
        );
    } finally {
        watch.stop();
    }
}

function aborted(signal: AbortSignal): Promise<{ kind: "cancelled" }> {
    return new Promise((resolve) => {
        const end = () => resolve({ kind: "cancelled" });
        if (signal.aborted) end();
        signal.addEventListener("abort", end, { once: true });
    });
}

/** The driver writes how far it got before it ends. If stopping it fails, the cluster is the problem. */
async function stopDriver(cluster: Cluster, { namespace, runId }: HopcostConfig, show: Show): Promise<void> {
    show("stopping the driver");
    if (!(await cluster.isAnswering())) return;
    await answerInTime(cluster.stopDriver(namespace, runId), 20).catch(() => undefined);
}

/** Removes the lock of a Pulumi that was killed. */
async function unlock(stack: Stack): Promise<void> {
    await stack.cancel().catch(() => {}); // what needs the lock next says so
}

/** Destroys the stack. @returns why that failed, with the command to retry; the results are shown in any case */
async function removeDeployed(
    stack: Stack,
    cluster: Cluster,
    { namespace, context }: HopcostConfig,
    isAnswering: boolean,
    cancel: AbortSignal,
): Promise<CommandError | undefined> {
    let errors: string[] = [];
    let givenUp: string | undefined;
    const left = (reason: string, cause?: unknown) =>
        new CommandError(
            exitCodes.runFailed,
            `The stack could not be removed from namespace ${namespace} of context ${context} (${reason}). Remove it with:\n  ${stackCommand(stack, "destroy --yes")}`,
            { cause },
        );
    if (!isAnswering) return left("the API server doesn't answer");
    const seconds = cancel.aborted ? removeSeconds.cancelled : removeSeconds.usually;
    const late = AbortSignal.any([AbortSignal.timeout(seconds * 1000), ...(cancel.aborted ? [] : [cancel])]);
    try {
        await step("Removing the stack", async (show) => {
            const events = eventsTo(show);
            errors = events.errors;
            const watch = new RemovalWatch(cluster, namespace, show);
            const removing = stack.destroy({ onEvent: events.onEvent, suppressOutputs: true });
            givenUp = await Promise.race([
                removing.then(() => undefined),
                watch.lost,
                aborted(late).then(() => (cancel.aborted ? "cancelled" : `not done in ${seconds} s`)),
            ]).finally(() => watch.stop());
            if (givenUp === undefined) return;
            show("stopping Pulumi");
            if (await endEngine()) await unlock(stack);
            await removing.catch(() => {});
            throw new Error(givenUp);
        });
        return undefined;
    } catch (cause) {
        return left(givenUp ?? reasonsOf(errors, cause).join("; "), cause);
    }
}

async function failureOf(cluster: Cluster, config: HopcostConfig, errors: string[], cause: unknown) {
    const { namespace, runId, context } = config;
    const [troubles, driver] = await Promise.all([
        cluster.podTroubles(namespace).catch(() => []), // Pulumi's message is shown anyway
        cluster.driverEnd(namespace, runId).catch(() => undefined),
    ]);
    const late = driver?.exitCode === exitCodes.timedOut || errors.some((line) => line.includes("DeadlineExceeded"));
    const said = driver?.message === undefined ? [] : [`The driver ended: ${driver.message}`];
    const unpulled = troubles.some((trouble) => pullFailures.some((reason) => trouble.includes(` ${reason}: `)));
    const remedy = unpulled ? [`If an image can't be pulled: ${pullRemedy(config, config.image)}`] : [];
    const reasons = reasonsOf([...said, ...errors, ...troubles, ...remedy], cause);
    const message = `run ${runId} failed in context ${context}:\n${reasons.join("\n")}`;
    return new CommandError(late ? exitCodes.timedOut : exitCodes.runFailed, message, { cause });
}

/** Shows what the engine does, and collects the errors it reports. */
function eventsTo(show: Show): { errors: string[]; onEvent: (event: EngineEvent) => void } {
    const errors: string[] = [];
    const onEvent = (event: EngineEvent) => {
        const { severity, message } = event.diagnosticEvent ?? {};
        if (severity === "error" && message) errors.push(withoutColours(message));
        const text = describe(event);
        if (text) show(text);
    };
    return { errors, onEvent };
}

/** Each error once. @param cause what was thrown, used if nothing was reported */
function reasonsOf(reported: readonly string[], cause: unknown): string[] {
    const reasons = [...new Set(reported)].filter((line) => line !== "update failed");
    return reasons.length > 0 ? reasons : [messageOf(cause)];
}

function withoutColours(message: string): string {
    return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}
