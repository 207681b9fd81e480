import { randomBytes } from "node:crypto";
import { ConcurrentUpdateError, type EngineEvent, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { HopcostConfig } from "../config.ts";
import type { Results } from "../report/schema.ts";
import { formatSize } from "../report/sizes.ts";
import { resultsText } from "../report/text.ts";
import { sandboxDown, sandboxUp } from "../sandbox/cluster.ts";
import { prepareSandbox } from "../sandbox/prepare.ts";
import { pulumiTools } from "../sandbox/pulumi-tools.ts";
import { formatElapsed, type Say } from "../sandbox/say.ts";
import type { Cluster } from "./cluster.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { orOtherContexts } from "./other-contexts.ts";
import { checkCluster, configOf, targetsSandbox } from "./preflight.ts";
import { asJson, resultsOf, saveRun } from "./run-folder.ts";
import { describe, isDeployed, lockedError, openStack, removeScratch } from "./stack.ts";
import { readStackFile } from "./stack-file.ts";
import { step } from "./steps.ts";

/** What the user asked for on the command line. */
export interface RunOptions {
    stack: string;
    profile?: string;
    json?: boolean;
    keep?: boolean;
}

/** What a run leaves: the results, where they were saved, and why it did not finish (where it did not). */
export interface RunOutcome {
    results: Results;
    folder: string;
    failure?: CommandError;
}

/**
 * `hopcost run`: deploys both topologies, measures, saves and shows the results, and restores what it found: a stack that
 * was not deployed is destroyed, a sandbox that was not up is stopped (unless `keep`).
 * @param cancel aborted on Ctrl-C: the run is cancelled and what is there is collected
 * @returns the exit code
 * @throws CommandError where nothing was measured
 */
export async function run(options: RunOptions, cancel: AbortSignal): Promise<number> {
    const overrides = { "hopcost:runId": newRunId(), ...(options.profile && { "hopcost:profile": options.profile }) };
    const file = readStackFile(options.stack);
    const config = configOf(options.stack, file, overrides);

    const inSandbox = targetsSandbox(config);
    const check = () => step(`Context ${config.context}`, () => checkCluster(options.stack, config));
    // What may take minutes comes after what can be refused at once; the sandbox has to be made before it can be asked.
    const given = inSandbox ? undefined : await check();
    const preparing = inSandbox ? orOtherContexts(step("Tools", prepareSandbox)) : step("Tools", pulumiTools);
    const tools = await Promise.race([preparing, rejectionOf(cancel)]);
    let startedSandbox = false;
    try {
        if (inSandbox) startedSandbox = (await orOtherContexts(step("Kubernetes sandbox", sandboxUp))).started;
        cancel.throwIfAborted();
        const cluster = given ?? (await check());
        const stack = await step("Pulumi program", (say) => openStack(options.stack, file, overrides, tools, say));
        const outcome = await deployAndMeasure(stack, cluster, config, options.keep ?? false, cancel);
        show(outcome, options, config);
        if (outcome.failure) console.error(`hopcost: ${outcome.failure.message}`);
        return outcome.failure?.exitCode ?? exitCodes.ok;
    } finally {
        removeScratch();
        if (startedSandbox && !options.keep) await step("Stopping the sandbox", sandboxDown);
    }
}

async function deployAndMeasure(
    stack: Stack,
    cluster: Cluster,
    config: HopcostConfig,
    keep: boolean,
    cancel: AbortSignal,
): Promise<RunOutcome> {
    const wasDeployed = await isDeployed(stack);
    const failure = await step(`Run ${config.runId}: deploy and measure`, (say) =>
        up(stack, cluster, config, wasDeployed, cancel, say),
    );
    try {
        return await step("Collecting the results", () => collect(cluster, config, failure));
    } finally {
        if (!wasDeployed && !keep) {
            await step("Removing what was deployed", (say) =>
                stack.destroy({ onEvent: sayEvent(say), suppressOutputs: true }),
            );
        }
    }
}

/**
 * Brings the stack up, which runs the Job; an ended run returns why it failed, and the driver is stopped.
 * @throws CommandError (preflight) where another run holds the stack: then nothing was deployed
 */
async function up(
    stack: Stack,
    cluster: Cluster,
    config: HopcostConfig,
    refresh: boolean,
    cancel: AbortSignal,
    say: Say,
): Promise<CommandError | undefined> {
    const watch = watchProgress(cluster, config, say);
    const errors: string[] = [];
    const onEvent = (event: EngineEvent) => {
        const { severity, message } = event.diagnosticEvent ?? {};
        if (severity === "error" && message) errors.push(withoutColours(message));
        sayEvent(say)(event);
    };
    // In a terminal Pulumi gets the Ctrl-C as well; a second one would make it drop what it is doing.
    const signal = process.stdin.isTTY ? {} : { signal: cancel };
    try {
        // What somebody deleted, or a cluster that is not the one of the last run, must not be taken for deployed.
        await stack.up({ refresh, onEvent, suppressProgress: true, ...signal });
        return undefined;
    } catch (error) {
        if (error instanceof ConcurrentUpdateError) throw lockedError(stack, error);
        const failure = cancel.aborted
            ? new CommandError(exitCodes.cancelled, `run ${config.runId} was cancelled`, { cause: error })
            : await failureOf(cluster, config, errors, error);
        // The driver says how far it came before it ends. Where that fails, the cluster is what failed.
        await cluster.stopDriver(config.namespace, config.runId).catch(() => undefined);
        return failure;
    } finally {
        clearInterval(watch);
    }
}

async function failureOf(cluster: Cluster, config: HopcostConfig, errors: string[], cause: unknown) {
    const { namespace, runId, context } = config;
    const [troubles, driverExit] = await Promise.all([
        cluster.podTroubles(namespace).catch(() => []), // what Pulumi said is told anyway
        cluster.driverExitCode(namespace, runId).catch(() => undefined),
    ]);
    const late = driverExit === exitCodes.timedOut || errors.some((line) => line.includes("DeadlineExceeded"));
    const reasons = [...new Set([...errors.filter((line) => line !== "update failed"), ...troubles])];
    const text = reasons.length > 0 ? reasons.join("\n") : cause instanceof Error ? cause.message : String(cause);
    const message = `run ${runId} failed in context ${context}:\n${text}`;
    return new CommandError(late ? exitCodes.timedOut : exitCodes.runFailed, message, { cause });
}

/** Reads the journal and the results; where the driver wrote none, computes them from the journal. */
async function collect(
    cluster: Cluster,
    config: HopcostConfig,
    failure: CommandError | undefined,
): Promise<RunOutcome> {
    const lost = (error: unknown) => {
        throw failure ?? error;
    };
    const { blocks, warnings } = await cluster.journal(config.namespace, config.runId).catch(lost);
    if (blocks.length === 0)
        throw failure ?? new CommandError(exitCodes.runFailed, `run ${config.runId} left no block`);
    const written = await cluster.results(config.namespace, config.runId).catch(lost);
    const plan = await cluster.plan(config.namespace, config.runId);
    if (plan === undefined)
        throw new CommandError(exitCodes.runFailed, `run ${config.runId} has a journal but no plan`);
    const unwritten = failure?.message ?? "the driver wrote no results";
    const run = { plan, blocks, warnings, stopReason: written ? written.stopReason : unwritten };
    const results = resultsOf(run);
    const folder = saveRun(run, results);
    const partial = results.complete
        ? undefined
        : new CommandError(exitCodes.runFailed, `run ${config.runId} is partial: ${results.incompleteReason}`);
    const reason = failure ?? partial;
    return { results, folder, ...(reason && { failure: reason }) };
}

/** Shows which arm and size is measured and the time left, once the driver says so. */
function watchProgress(cluster: Cluster, config: HopcostConfig, say: Say): NodeJS.Timeout {
    let asking = false;
    return setInterval(async () => {
        if (asking) return;
        asking = true;
        // The display may miss a beat: what goes wrong here is said by the run itself.
        const progress = await cluster.progress(config.namespace, config.runId).catch(() => undefined);
        asking = false;
        if (progress?.phase !== "measuring" || progress.arm === undefined) return;
        const { arm, mode, block, blocks } = progress;
        const size = progress.size === undefined ? "warm-up" : formatSize(progress.size);
        const what = mode === undefined || mode === "closed-loop" ? size : `${size} ${mode}`;
        const left = `${formatElapsed(progress.remainingSeconds * 1000)} left`;
        say(`measuring ${arm} ${what} (block ${block + 1} of ${blocks}, ${left})`);
    }, 1000);
}

function show({ results, folder }: RunOutcome, options: RunOptions, config: HopcostConfig): void {
    if (options.json) {
        process.stdout.write(asJson(results));
        return;
    }
    console.log(`\n${resultsText(results)}`);
    console.log(`Files: ${folder} (report.html, table.txt, results.json, blocks/)`);
    const next =
        config.profile === "quick" ? "npm start -- --profile standard   (tighter intervals, about 20 minutes)" : "";
    console.log(`Next: ${next || "hopcost run --stack minikube   (the same on your cluster)"}`);
    if (options.keep) console.log(`Kept: namespace ${config.namespace} in context ${config.context}`);
}

function sayEvent(say: Say): (event: EngineEvent) => void {
    return (event) => {
        const text = describe(event);
        if (text) say(text);
    };
}

function rejectionOf(cancel: AbortSignal): Promise<never> {
    return new Promise((_resolve, reject) => cancel.addEventListener("abort", () => reject(cancel.reason)));
}

function withoutColours(message: string): string {
    return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}

/** `20261121-063200-3fa2`: sorts by time (UTC), and two runs of one second differ. */
function newRunId(): string {
    const [day, time] = new Date().toISOString().replaceAll(/[-:]/g, "").split(/[T.]/);
    return `${day}-${time}-${randomBytes(2).toString("hex")}`;
}
