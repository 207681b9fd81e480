import type { HopcostConfig } from "../../config/config.ts";
import { type Check, check, checkIds, failure, type Outcome, skipped, warning } from "../checks/check.ts";
import { configurationOutcome, readConfiguration } from "../checks/configuration.ts";
import { doctorText } from "../checks/doctor-text.ts";
import { imageOutcome } from "../checks/image.ts";
import { askAgain, inTime, outcomeInTime } from "../checks/in-time.ts";
import { checkLeftovers } from "../checks/leftovers.ts";
import { checkMetricsApi } from "../checks/metrics-api.ts";
import { checkFit, reach } from "../checks/preflight.ts";
import { type ProbeTime, probe, probeForbidden } from "../checks/probe.ts";
import { checkSandbox } from "../checks/sandbox.ts";
import { checkState, untoldState } from "../checks/state.ts";
import { checkTools, type ToolsFound } from "../checks/tools.ts";
import type { View } from "../checks/view.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { targetsSandbox } from "../stack/target.ts";
import { exitCodes } from "../terminal/exit.ts";
import { step } from "../terminal/steps.ts";

/**
 * Seconds after the start of the process at which looking, and then deleting, ends: all is over within 15. Kubernetes takes five
 * seconds to begin with the deletion of a namespace.
 */
const until = { looking: 8.5, deleting: 14.2 } as const;
/** Checks without which nothing of the cluster can be looked at, in order. */
const gates: readonly Check["id"][] = ["configuration", "sandbox", "context", "server"];

/**
 * `hopcost doctor`: checks all that a run of a stack needs, and says of each what is there and what to do. It changes nothing,
 * but for a probe Pod in a namespace of its own, which it deletes.
 * @param cancel aborted on Ctrl-C
 * @returns the exit code: 0 where no check failed, 2 where the configuration can't be read, else 3
 */
export async function doctor(options: { stack: string; json?: boolean }, cancel: AbortSignal): Promise<number> {
    const looking = AbortSignal.any([cancel, timeoutAt(until.looking)]);
    const readable = readConfiguration(options.stack);
    const found = [check("configuration", configurationOutcome(options.stack, readable))];
    const isReadable = "config" in readable;
    const tools = checkTools();
    // A backend that does not answer must not take the cluster's time.
    const state = isReadable ? stateCheck(options.stack, tools, looking) : undefined;
    state?.catch(() => {}); // Ctrl-C may end the command before it is waited for
    found.push(...(await step("Tools", () => toolChecks(tools, looking))));
    if (isReadable) {
        const { config } = readable;
        found.push(...(await sandboxChecks(config, looking)));
        const time = { looking, deleting: timeoutAt(until.deleting) };
        if (gateOf(found) === undefined) found.push(...(await clusterChecks(config, time)));
    }
    if (state !== undefined) found.push(await step("State of the stack", () => state));
    const checks = complete(found);
    const isWell = checks.every(({ state }) => state !== "failure");
    console.log(options.json ? JSON.stringify({ ok: isWell, checks }, undefined, 2) : doctorText(checks));
    if (!isReadable) return exitCodes.configuration;
    return isWell ? exitCodes.ok : exitCodes.preflight;
}

async function toolChecks(tools: Promise<ToolsFound>, signal: AbortSignal): Promise<Check[]> {
    const untold = (detail: string) =>
        failure(detail, "see to what keeps node or pulumi from answering, and start again");
    const looks = (["node", "pulumi", "provider"] as const).map(async (id) => {
        const outcome = tools.then((found) => found[id]);
        return check(id, await outcomeInTime("Which Node.js and Pulumi are here", outcome, signal, untold));
    });
    return await Promise.all(looks);
}

async function stateCheck(stack: string, tools: Promise<ToolsFound>, signal: AbortSignal): Promise<Check> {
    const state = tools.then(({ command }) => checkState(stack, command, signal));
    const untold = (detail: string) => untoldState(stack, detail);
    return check("state", await outcomeInTime(`The state of stack "${stack}"`, state, signal, untold));
}

async function sandboxChecks(config: HopcostConfig, signal: AbortSignal): Promise<Check[]> {
    if (!targetsSandbox(config)) return [];
    return [check("sandbox", await outcomeInTime("Whether the sandbox runs", checkSandbox(), signal))];
}

async function clusterChecks(config: HopcostConfig, time: ProbeTime): Promise<Check[]> {
    if (config.rendersOnly) {
        const detail = "not looked at, since manifests are only rendered (kubernetes:renderYamlToDirectory)";
        return [check("context", { state: "skipped", detail })];
    }
    const { checks, at } = await step(`Context ${config.context}`, async () => {
        const { checks, at } = await reach(config, time.looking);
        return { checks: [...checks, ...(at ? await checkFit(config, at, time.looking) : [])], at };
    });
    if (at === undefined) return checks;
    const { kubeConfig } = at.cluster;
    const images = at.view.nodes.then((nodes) => imageOutcome(config, nodes));
    // A run goes on without an answer to these.
    const untold = (detail: string) => warning(detail, askAgain);
    const others = Promise.all([
        outcomeInTime("The images", images, time.looking, untold),
        outcomeInTime("The metrics API", checkMetricsApi(kubeConfig), time.looking, untold),
        outcomeInTime("What other runs left", checkLeftovers(at.cluster, config), time.looking, untold),
    ]);
    others.catch(() => {}); // Ctrl-C ends them at once, and the probe only when it has deleted what it made
    const probed = await step("Probe Pod", () => probeCheck(config, at, checks, time));
    const [image, metricsApi, leftovers] = await others;
    return [
        ...checks,
        ...[check("image", image), check("probe", probed), check("metrics-api", metricsApi)],
        check("leftovers", leftovers),
    ];
}

/** Runs the probe, where what was found before lets it. */
async function probeCheck(
    config: HopcostConfig,
    { cluster, view }: { cluster: Cluster; view: View },
    before: readonly Check[],
    time: ProbeTime,
): Promise<Outcome> {
    const nodes = before.find(({ id, state }) => id === "nodes" && state === "failure");
    if (nodes !== undefined) return skipped(nodes);
    const allowed = await inTime(view.allowed, time.looking).catch(() => undefined);
    const permissions = before.find(({ id }) => id === "permissions");
    if (allowed === undefined) return skipped(permissions ?? { title: "Permissions" });
    return probeForbidden(allowed) ?? (await probe(cluster, config, time));
}

/** What keeps the cluster from being looked at. */
function gateOf(found: readonly Check[]): Check | undefined {
    return gates.map((gate) => found.find(({ id }) => id === gate)).find((it) => it && it.state !== "ok");
}

/** All checks in their order, those that were not made as skipped; the sandbox's only where it is the target. */
function complete(found: readonly Check[]): Check[] {
    const gate = gateOf(found);
    return checkIds.flatMap((id) => {
        const made = found.find((it) => it.id === id);
        if (made !== undefined) return made;
        return gate === undefined || id === "sandbox" ? [] : check(id, skipped(gate));
    });
}

/** Aborted so many seconds after this process began. */
function timeoutAt(seconds: number): AbortSignal {
    return AbortSignal.timeout(Math.max(0, Math.round(seconds * 1000 - performance.now())));
}
