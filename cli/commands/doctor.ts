import type { HopcostConfig } from "../../config/config.ts";
import { type Check, check, checkIds, failure, type Outcome, skipped, warning } from "../checks/check.ts";
import { configurationOutcome, readConfiguration } from "../checks/configuration.ts";
import { doctorText } from "../checks/doctor-text.ts";
import { imageOutcome } from "../checks/image.ts";
import { askAgain, inTime, outcomeInTime } from "../checks/in-time.ts";
import { checkLeftovers } from "../checks/leftovers.ts";
import { type LoggedIn, logIn } from "../checks/log-in.ts";
import { checkMetricsApi } from "../checks/metrics-api.ts";
import { checkFit, reach } from "../checks/preflight.ts";
import { type ProbeTime, probe, probeForbidden } from "../checks/probe.ts";
import { checkSandbox } from "../checks/sandbox.ts";
import { checkState, unansweredState } from "../checks/state.ts";
import { checkTools, type ToolsFound } from "../checks/tools.ts";
import type { View } from "../checks/view.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ChosenStack, StackOptions } from "../stack/chosen-stack.ts";
import { targetsSandbox } from "../stack/target.ts";
import { exitCodes } from "../terminal/exit.ts";
import { step } from "../terminal/steps.ts";

/** Deadline for looking, in seconds after the start of the process. */
const lookingUntil = 8.5;
/**
 * What is left in any case for looking at the cluster, for the probe Pod and for deleting it, in seconds: a slow machine or cluster
 * is not ill. Kubernetes takes five seconds to begin deleting a namespace. Elsewhere everything ends within 15 s.
 */
const least = { looking: 5, probing: 6, deleting: 5.7 } as const;
/** Checks that must pass before the cluster can be looked at, in order. */
const gates: readonly Check["id"][] = ["configuration", "sandbox", "context", "server"];

/**
 * `hopcost doctor`: checks everything a run of a stack needs and reports status and fix. It changes nothing, except that it
 * creates and deletes a probe Pod in its own namespace.
 * @param cancel aborted on Ctrl-C
 * @returns the exit code: 0 if no check failed, 2 if the configuration can't be read, else 3
 */
export async function doctor(options: StackOptions & { json?: boolean }, cancel: AbortSignal): Promise<number> {
    const readable = readConfiguration(options);
    const found = [check("configuration", configurationOutcome(readable))];
    const isReadable = "config" in readable;
    if (isReadable) found.push(...(await sandboxChecks(readable.config, cancel)));
    const mayLogIn = isReadable && !readable.config.rendersOnly && gateOf(found) === undefined;
    const began = performance.now();
    const loggedIn = mayLogIn ? await logIn(readable.config, "deploy", cancel) : undefined;
    // Nobody waits while somebody logs in.
    const paused = loggedIn?.cluster?.kubeConfig.plugin === undefined ? 0 : (performance.now() - began) / 1000;
    const lookUntil = lookingUntil + paused;
    const looking = endAt(lookUntil, cancel);
    const lookingAtState = endAt(lookUntil + least.looking, cancel);
    const tools = checkTools();
    // A backend that does not answer must not use up the cluster's time.
    const state = isReadable ? stateCheck(readable.chosen, tools, lookingAtState) : undefined;
    state?.catch(() => {}); // Ctrl-C may end the command before it is awaited
    found.push(...(await step("Tools", () => toolChecks(tools, looking))));
    if (isReadable && gateOf(found) === undefined) {
        const lookingAtCluster = endAt(atLeast(lookUntil, least.looking), cancel);
        const probeTime = () => probeTimeOf(lookUntil, cancel);
        found.push(...(await clusterChecks(readable.config, loggedIn, lookingAtCluster, probeTime)));
    }
    if (state !== undefined) found.push(await step("State of the stack", () => state));
    const checks = complete(found);
    const isWell = checks.every(({ state }) => state !== "failure");
    console.log(options.json ? JSON.stringify({ ok: isWell, checks }, undefined, 2) : doctorText(checks));
    if (!isReadable) return exitCodes.configuration;
    return isWell ? exitCodes.ok : exitCodes.preflight;
}

async function toolChecks(tools: Promise<ToolsFound>, signal: AbortSignal): Promise<Check[]> {
    const unanswered = (detail: string) =>
        failure(detail, "find out why node or pulumi doesn't answer, then start again");
    const looks = (["node", "pulumi", "provider"] as const).map(async (id) => {
        const outcome = tools.then((found) => found[id]);
        return check(id, await outcomeInTime("The Node.js and Pulumi on this machine", outcome, signal, unanswered));
    });
    return await Promise.all(looks);
}

async function stateCheck(chosen: ChosenStack, tools: Promise<ToolsFound>, signal: AbortSignal): Promise<Check> {
    const state = tools.then(({ command }) => checkState(chosen, command, signal));
    const unanswered = (detail: string) => unansweredState(chosen, detail);
    return check("state", await outcomeInTime(`The state of stack "${chosen.name}"`, state, signal, unanswered));
}

async function sandboxChecks(config: HopcostConfig, cancel: AbortSignal): Promise<Check[]> {
    if (!targetsSandbox(config)) return [];
    const signal = endAt(lookingUntil, cancel);
    return [check("sandbox", await outcomeInTime("Whether the sandbox runs", checkSandbox(), signal))];
}

async function clusterChecks(
    config: HopcostConfig,
    loggedIn: LoggedIn | undefined,
    looking: AbortSignal,
    probeTime: () => ProbeTime,
): Promise<Check[]> {
    if (loggedIn === undefined) {
        const detail = "not checked because manifests are only rendered (kubernetes:renderYamlToDirectory)";
        return [check("context", { state: "skipped", detail })];
    }
    const { checks, at } = await step(`Context ${config.context}`, async () => {
        const { checks, at } = await reach(config, loggedIn, looking);
        return { checks: [...checks, ...(at ? await checkFit(config, at, looking) : [])], at };
    });
    if (at === undefined) return checks;
    const { kubeConfig } = at.cluster;
    const images = at.view.nodes.then((nodes) => imageOutcome(config, nodes));
    // A run continues without an answer to these.
    const unanswered = (detail: string) => warning(detail, askAgain);
    const left = checkLeftovers(at.cluster, config, at.view.pods);
    const others = Promise.all([
        outcomeInTime("The images", images, looking, unanswered),
        outcomeInTime("The metrics API", checkMetricsApi(kubeConfig), looking, unanswered),
        outcomeInTime("What other runs left", left, looking, unanswered),
    ]);
    others.catch(() => {}); // Ctrl-C ends them at once, but the probe first deletes what it created
    const probed = await step("Probe Pod", () => probeCheck(config, at, checks, looking, probeTime));
    const [image, metricsApi, leftovers] = await others;
    return [
        ...checks,
        ...[check("image", image), check("probe", probed), check("metrics-api", metricsApi)],
        check("leftovers", leftovers),
    ];
}

/** Runs the probe, unless an earlier check rules it out. */
async function probeCheck(
    config: HopcostConfig,
    { cluster, view }: { cluster: Cluster; view: View },
    before: readonly Check[],
    looking: AbortSignal,
    probeTime: () => ProbeTime,
): Promise<Outcome> {
    const nodes = before.find(({ id, state }) => id === "nodes" && state === "failure");
    if (nodes !== undefined) return skipped(nodes);
    const allowed = await inTime(view.allowed, looking).catch(() => undefined);
    const permissions = before.find(({ id }) => id === "permissions");
    if (allowed === undefined) return skipped(permissions ?? { title: "Permissions" });
    return probeForbidden(config, allowed) ?? (await probe(cluster, config, probeTime()));
}

/** @param lookUntil seconds after the start of the process */
function probeTimeOf(lookUntil: number, cancel: AbortSignal): ProbeTime {
    const until = atLeast(lookUntil, least.probing);
    return { looking: endAt(until, cancel), deleting: timeoutAt(until + least.deleting) };
}

/** The later of a deadline and so many seconds from now; in seconds after the start of the process. */
function atLeast(until: number, seconds: number): number {
    return Math.max(until, performance.now() / 1000 + seconds);
}

/** The check that prevents looking at the cluster. */
function gateOf(found: readonly Check[]): Check | undefined {
    return gates.map((gate) => found.find(({ id }) => id === gate)).find((it) => it && it.state !== "ok");
}

/** All checks in order, those that were not made as skipped; the sandbox's only if it is the target. */
function complete(found: readonly Check[]): Check[] {
    const gate = gateOf(found);
    return checkIds.flatMap((id) => {
        const made = found.find((it) => it.id === id);
        if (made !== undefined) return made;
        return gate === undefined || id === "sandbox" ? [] : check(id, skipped(gate));
    });
}

/** Aborted at `seconds` after this process began, or by `cancel`. */
function endAt(seconds: number, cancel: AbortSignal): AbortSignal {
    return AbortSignal.any([cancel, timeoutAt(seconds)]);
}

/** Aborted at `seconds` after this process began. */
function timeoutAt(seconds: number): AbortSignal {
    return AbortSignal.timeout(Math.max(0, Math.round(seconds * 1000 - performance.now())));
}
