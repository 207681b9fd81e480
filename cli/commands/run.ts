import { randomBytes } from "node:crypto";
import { lengthOf } from "../../components/scenario-length.ts";
import type { HopcostConfig } from "../../config/config.ts";
import { resultsText } from "../../report/formats/text.ts";
import { sandboxDown, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { prepareSandbox } from "../../sandbox/cluster/prepare.ts";
import { refuseUnfitHost } from "../../sandbox/host.ts";
import { pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { advice, check, refuseFailures } from "../checks/check.ts";
import { logIn } from "../checks/log-in.ts";
import { checkCluster } from "../checks/preflight.ts";
import { readOnlyOutcome, unreadError } from "../checks/state.ts";
import { refuseExisting } from "../cluster/existing-namespace.ts";
import { orOtherContexts } from "../cluster/other-contexts.ts";
import { asJson } from "../saved/run-folder.ts";
import { type ChosenStack, chooseStack, type StackOptions } from "../stack/chosen-stack.ts";
import { isDeployed, openStack, removeScratch } from "../stack/stack.ts";
import { clusterConfigOf } from "../stack/stack-config.ts";
import { targetsSandbox } from "../stack/target.ts";
import { unlessCancelled } from "../terminal/cancel.ts";
import { colouredResults, failureText } from "../terminal/colour.ts";
import { exitCodes } from "../terminal/exit.ts";
import { step } from "../terminal/steps.ts";
import type { RunOutcome } from "./collect.ts";
import { deployAndMeasure } from "./measure.ts";
import { recoverKilled } from "./recover.ts";

/** What the user asked for on the command line. */
export interface RunOptions extends StackOptions {
    profile?: string;
    scenarios?: string;
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
    const overrides = {
        "hopcost:runId": newRunId(),
        ...(options.profile && { "hopcost:profile": options.profile }),
        ...(options.scenarios && { "hopcost:scenarios": options.scenarios }),
    };
    const chosen = chooseStack(options);
    const config = clusterConfigOf(chosen, overrides);
    const readOnly = readOnlyOutcome(chosen);
    if (readOnly !== undefined) refuseFailures([check("state", readOnly)]);

    const inSandbox = targetsSandbox(config);
    if (inSandbox) await orOtherContexts(Promise.resolve().then(() => refuseUnfitHost())); // before anything else is on the screen
    const injected = injectionsLine(config);
    if (injected !== undefined) console.error(injected);

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
        if (!wasDeployed) await refuseExisting(config, cluster);
        const restore = !wasDeployed && !options.keep;
        const outcome = await deployAndMeasure(stack, cluster, config, { refresh: wasDeployed, restore }, cancel);
        if (wasDeployed) await recoverKilled(cluster, config);
        showResults(outcome, options, chosen, config);
        if (outcome.failure) console.error(failureText(`hopcost: ${outcome.failure.message}`));
        return outcome.failure?.exitCode ?? exitCodes.ok;
    } finally {
        removeScratch(chosen);
        if (startedSandbox && !options.keep) await step("Stopping the sandbox", sandboxDown);
    }
}

/** What is injected after the trials, and how long that takes if every injection recovers as usual; undefined: nothing. */
function injectionsLine({ plan: { scenarios, seed } }: HopcostConfig): string | undefined {
    if (scenarios === undefined) return undefined;
    const { injections, seconds } = lengthOf(scenarios, seed);
    const variants = Map.groupBy(scenarios.names, (name) => name.split("/")[0] ?? name);
    const names = [...variants].map(([name, of]) => (of.length > 1 ? `${name} (${of.length} variants)` : of[0]));
    return `  ${injections} injections after the trials, about ${Math.ceil(seconds / 60)} min: ${names.join(", ")}`;
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

/** `20261121-063200-3fa2`: sorts by time (UTC), and two runs started in the same second differ. */
function newRunId(): string {
    const [day, time] = new Date().toISOString().replaceAll(/[-:]/g, "").split(/[T.]/);
    return `${day}-${time}-${randomBytes(2).toString("hex")}`;
}
