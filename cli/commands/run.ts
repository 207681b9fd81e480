import { randomBytes } from "node:crypto";
import { ConcurrentUpdateError, type EngineEvent, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { HopcostConfig } from "../../config/config.ts";
import { messageOf } from "../../model/error.ts";
import { resultsText } from "../../report/formats/text.ts";
import { sandboxDown, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { prepareSandbox } from "../../sandbox/cluster/prepare.ts";
import { pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { advice, check, refuseFailures } from "../checks/check.ts";
import { logIn } from "../checks/log-in.ts";
import { checkUnclaimed } from "../checks/namespace.ts";
import { checkCluster } from "../checks/preflight.ts";
import { readOnlyOutcome, unreadError } from "../checks/state.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { pullFailures, pullRemedy } from "../cluster/image-pull.ts";
import { orOtherContexts } from "../cluster/other-contexts.ts";
import { watchProgress } from "../cluster/progress.ts";
import { asJson } from "../saved/run-folder.ts";
import { type ChosenStack, chooseStack, type StackOptions } from "../stack/chosen-stack.ts";
import { describe, isDeployed, lockedError, openStack, removeScratch, stackCommand } from "../stack/stack.ts";
import { configOf } from "../stack/stack-config.ts";
import { targetsSandbox } from "../stack/target.ts";
import { unlessCancelled } from "../terminal/cancel.ts";
import { colouredResults, failureText } from "../terminal/colour.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { type Show, step } from "../terminal/steps.ts";
import { both, collect, type RunOutcome } from "./collect.ts";

/** What the user asked for on the command line. */
export interface RunOptions extends StackOptions {
    profile?: string;
    json?: boolean;
    keep?: boolean;
}

/**
 * `hopcost run`: deploys both topologies, measures, saves and shows the results, and restores the previous state: a stack
 * that was not deployed is destroyed, a sandbox that was not up is stopped (unless `keep`).
 * @param cancel aborted on Ctrl-C: the run is cancelled and the trials so far are collected
 * @returns the exit code
 * @throws CommandError if nothing was measured
 */
export async function run(options: RunOptions, cancel: AbortSignal): Promise<number> {
    const overrides = { "hopcost:runId": newRunId(), ...(options.profile && { "hopcost:profile": options.profile }) };
    const chosen = chooseStack(options);
    const config = configOf(chosen, overrides);
    const readOnly = readOnlyOutcome(chosen);
    if (readOnly !== undefined) refuseFailures([check("state", readOnly)]);

    const inSandbox = targetsSandbox(config);
    // A cancelled step must end, or its display would swallow later output.
    const lookFirst = async () => {
        const loggedIn = await logIn(config, "deploy", cancel);
        const { cluster, warnings } = await step(`Context ${config.context}`, () =>
            unlessCancelled(checkCluster(config, loggedIn, cancel), cancel),
        );
        for (const warning of warnings) console.error(`  warning: ${advice(warning)}`);
        return cluster;
    };
    // Quick checks come before steps that take minutes; the sandbox must be built before it can be checked.
    const given = inSandbox ? undefined : await lookFirst();
    const prepare = inSandbox ? prepareSandbox : pulumiTools;
    const preparing = step("Tools", (show) => unlessCancelled(prepare(show), cancel));
    const tools = await (inSandbox ? orOtherContexts(preparing) : preparing);
    let startedSandbox = false;
    try {
        if (inSandbox) startedSandbox = (await orOtherContexts(step("Kubernetes sandbox", sandboxUp))).started;
        cancel.throwIfAborted();
        const cluster = given ?? (await lookFirst());
        const { stack, wasDeployed } = await step("Pulumi program", async (show) => {
            const opened = await openStack(chosen, overrides, tools, show);
            show("reading what is deployed");
            return { stack: opened, wasDeployed: await isDeployed(opened) };
        }).catch((error) => {
            throw unreadError(chosen.name, error);
        });
        if (!wasDeployed) refuseFailures([check("namespace", await checkUnclaimed(cluster, config))]);
        const restore = !wasDeployed && !options.keep;
        const outcome = await deployAndMeasure(stack, cluster, config, { refresh: wasDeployed, restore }, cancel);
        showResults(outcome, options, chosen, config);
        if (outcome.failure) console.error(failureText(`hopcost: ${outcome.failure.message}`));
        return outcome.failure?.exitCode ?? exitCodes.ok;
    } finally {
        removeScratch(chosen);
        if (startedSandbox && !options.keep) await step("Stopping the sandbox", sandboxDown);
    }
}

/** @param how whether to refresh the state first, and whether to remove the stack at the end */
async function deployAndMeasure(
    stack: Stack,
    cluster: Cluster,
    config: HopcostConfig,
    { refresh, restore }: { refresh: boolean; restore: boolean },
    cancel: AbortSignal,
): Promise<RunOutcome> {
    const failure = await step(`Run ${config.runId}: deploy and measure`, (show) =>
        up(stack, cluster, config, refresh, cancel, show),
    );
    const removed = async () => (restore ? await removeDeployed(stack, config) : undefined);
    const collecting = step("Collecting the results", () => collect(cluster, config, failure));
    const outcome = await collecting.catch(async (error) => {
        const left = await removed();
        throw error instanceof CommandError ? both(error, left) : error;
    });
    const reason = both(outcome.failure, await removed());
    return { ...outcome, ...(reason && { failure: reason }) };
}

/** Destroys the stack. @returns why that failed, with the command to retry; the results are shown in any case */
async function removeDeployed(stack: Stack, { namespace, context }: HopcostConfig): Promise<CommandError | undefined> {
    let errors: string[] = [];
    try {
        await step("Removing the stack", (show) => {
            const events = eventsTo(show);
            errors = events.errors;
            return stack.destroy({ onEvent: events.onEvent, suppressOutputs: true });
        });
        return undefined;
    } catch (cause) {
        const reason = reasonsOf(errors, cause).join("; ");
        return new CommandError(
            exitCodes.runFailed,
            `The stack could not be removed from namespace ${namespace} of context ${context} (${reason}). Remove it with:\n  ${stackCommand(stack, "destroy --yes")}`,
            { cause },
        );
    }
}

/**
 * Brings the stack up, which runs the Job. If that fails, stops the driver and returns why.
 * @throws CommandError (preflight) if another run holds the stack: then nothing was deployed
 */
async function up(
    stack: Stack,
    cluster: Cluster,
    config: HopcostConfig,
    refresh: boolean,
    cancel: AbortSignal,
    show: Show,
): Promise<CommandError | undefined> {
    const watch = watchProgress(cluster, config.namespace, config.runId, show);
    const { errors, onEvent } = eventsTo(show);
    // In a terminal Pulumi gets the Ctrl-C too; a second one would make it abort immediately.
    const signal = process.stdin.isTTY ? {} : { signal: cancel };
    try {
        // Refresh, because somebody may have deleted resources, or the cluster may be another one than in the last run.
        await stack.up({ refresh, onEvent, suppressProgress: true, ...signal });
        return undefined;
    } catch (error) {
        if (error instanceof ConcurrentUpdateError) throw lockedError(stack, error);
        const failure = cancel.aborted
            ? new CommandError(exitCodes.cancelled, `run ${config.runId} was cancelled`, { cause: error })
            : await failureOf(cluster, config, errors, error);
        show("stopping the driver");
        // The driver writes how far it got before it ends. If stopping it fails, the cluster is the problem.
        await cluster.stopDriver(config.namespace, config.runId).catch(() => undefined);
        return failure;
    } finally {
        clearInterval(watch);
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

function showResults(
    { results, folder }: RunOutcome,
    options: RunOptions,
    { options: again }: ChosenStack,
    config: HopcostConfig,
): void {
    if (options.json) {
        process.stdout.write(asJson(results));
        return;
    }
    console.log(`\n${colouredResults(resultsText(results))}`);
    if (folder !== undefined) console.log(`Files: ${folder} (report.html, table.txt, results.json, trials/)`);
    const isQuick = config.profile === "quick";
    const run = again === "--stack dev" ? "npm start --" : `hopcost run ${again}`;
    if (isQuick) console.log(`Next: ${run} --profile standard   (tighter intervals, about 20 minutes)`);
    else if (targetsSandbox(config)) console.log("Next: hopcost run --context NAME   (the same on your cluster)");
    if (options.keep) console.log(`Kept: namespace ${config.namespace} in context ${config.context}`);
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

/** `20261121-063200-3fa2`: sorts by time (UTC), and two runs started in the same second differ. */
function newRunId(): string {
    const [day, time] = new Date().toISOString().replaceAll(/[-:]/g, "").split(/[T.]/);
    return `${day}-${time}-${randomBytes(2).toString("hex")}`;
}
