import { once } from "node:events";
import type { HopcostConfig } from "../../config/config.ts";
import { sandboxStatus } from "../../sandbox/cluster/cluster.ts";
import { type LoggedIn, logIn } from "../checks/log-in.ts";
import { deployedAt } from "../checks/preflight.ts";
import { answerInTime, isAnswer, reasonOf } from "../cluster/cluster.ts";
import { type Forwarding, forward } from "../cluster/forward.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { PodPort, type Serving } from "../cluster/pod-port.ts";
import { type ChosenStack, chooseStack, type StackOptions } from "../stack/chosen-stack.ts";
import { clusterConfigOf } from "../stack/stack-config.ts";
import { targetsSandbox } from "../stack/target.ts";
import { unlessCancelled } from "../terminal/cancel.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { step } from "../terminal/steps.ts";

/** What can be forwarded: the component's label, its port (also tried first on this machine), and what to look at. */
export const parts = {
    prometheus: {
        title: "Prometheus",
        port: 9090,
        look: "e.g. the CPU of each container: sum by (pod, container) (rate(hopcost_container_cpu_seconds_total[10s]))",
    },
    grafana: { title: "Grafana", port: 3000, look: "its dashboard: latency by arm and size, CPU, memory, I/O" },
} as const;
type Part = keyof typeof parts;
type Target = Pick<HopcostConfig, "stack" | "context" | "kubeconfig" | "namespace" | "metrics">;

/**
 * `hopcost metrics`: forwards the ports of a stack's Prometheus, and of its Grafana if it has one, to this machine until
 * Ctrl-C, and prints the addresses. Each connection goes to the Pod serving at that moment, even after a replacement.
 * @param cancel aborted on Ctrl-C, which is how it ends
 * @returns the exit code
 * @throws CommandError (preflight) if there is nothing to forward, with what to do
 */
export async function metrics(options: StackOptions & { json?: boolean }, cancel: AbortSignal): Promise<number> {
    const chosen = chooseStack(options);
    const config = clusterConfigOf(chosen, {});
    await refuseWithoutSandbox(chosen, config);
    const loggedIn = await logIn(config, "look", cancel);
    const ports = await step(`Metrics of stack ${chosen.name}`, () =>
        unlessCancelled(servingPorts(chosen, config, loggedIn, cancel), cancel),
    );
    const forwardings: [Part, Forwarding][] = [];
    for (const [part, port] of ports) {
        const say = (reason: string) =>
            console.error(`${parts[part].title} can't be reached: ${reason}; reload the page to try again`);
        forwardings.push([part, await forward(parts[part].port, (socket) => port.join(socket), say)]);
    }
    const found = forwardings.map(
        async ([part, { url }]): Promise<[Part, { url: string }]> => [
            part,
            { url: options.json ? url : await pageOf(url) },
        ],
    );
    console.log(addressesText(await Promise.all(found), options.json ?? false));
    console.error("Press Ctrl-C to stop.");
    if (!cancel.aborted) await once(cancel, "abort");
    for (const [, { close }] of forwardings) close();
    return exitCodes.ok;
}

/** The page to open: the sandbox's Prometheus has no start page, only one that draws graphs. */
async function pageOf(url: string): Promise<string> {
    const page = `${url}/user/graph.html`;
    const answer = await fetch(page).catch(() => undefined); // opening the address will show why
    await answer?.body?.cancel();
    return answer?.ok ? page : url;
}

/** The addresses: one line of JSON by part, or one line of text each. */
export function addressesText(found: readonly [Part, Pick<Forwarding, "url">][], json: boolean): string {
    if (json) return JSON.stringify(Object.fromEntries(found.map(([part, { url }]) => [part, url])));
    return found.map(([part, { url }]) => `${parts[part].title}: ${url}   ${parts[part].look}`).join("\n");
}

/**
 * Why there is no Prometheus to look at, and what to do.
 * @param serving as found in the namespace; undefined also if the namespace doesn't exist
 */
export function absentText(
    { options, source }: Pick<ChosenStack, "options" | "source">,
    { stack, context, kubeconfig, namespace, metrics }: Target,
    serving: Exclude<Serving, { pod: string }>,
    deployed: boolean,
): string {
    const where = `namespace "${namespace}" in context "${context}"`;
    const look = `${kubectl({ context, kubeconfig })} get pods --namespace ${namespace}`;
    if (serving !== undefined) {
        return `Prometheus of stack "${stack}" can't be used: ${serving.trouble} in ${where}; look with: ${look}`;
    }
    if (metrics === undefined) {
        return `Stack "${stack}" has no Prometheus: hopcost:metrics is "false" in ${source}. Set it to "true", then run: hopcost run ${options} --keep`;
    }
    if (deployed) return `There is no Prometheus in ${where}; look with: ${look}`;
    return `Stack "${stack}" is not deployed: there is no ${where}. Deploy it with: hopcost run ${options} --keep`;
}

async function refuseWithoutSandbox({ name, options }: ChosenStack, config: HopcostConfig): Promise<void> {
    if (!targetsSandbox(config) || (await sandboxStatus()).state === "up") return;
    throw new CommandError(
        exitCodes.preflight,
        `The sandbox is not up, so stack "${name}" is not deployed. Deploy it with: hopcost run ${options} --keep`,
    );
}

/** @throws CommandError (preflight) if the cluster, the namespace or its Prometheus is missing */
async function servingPorts(
    chosen: ChosenStack,
    config: HopcostConfig,
    loggedIn: LoggedIn,
    cancel: AbortSignal,
): Promise<[Part, PodPort][]> {
    const refusal = (text: string, cause?: unknown) => new CommandError(exitCodes.preflight, text, { cause });
    const { cluster, deployed } = await deployedAt(config, loggedIn, cancel);
    const portOf = (part: Part) => new PodPort(cluster.kubeConfig, config.namespace, part, parts[part].port);
    const serving = async (part: Part): Promise<Serving> => {
        if (!deployed) return undefined;
        return await answerInTime(portOf(part).serving()).catch((error: unknown) => {
            const where = `namespace "${config.namespace}" in context "${config.context}"`;
            const remedy = isAnswer(error) ? "ask for that permission" : "check that the API server answers";
            throw refusal(`The Pods of ${where} can't be listed: ${reasonOf(error)}; ${remedy}`, error);
        });
    };
    const prometheus = await serving("prometheus");
    if (prometheus === undefined || "trouble" in prometheus) {
        throw refusal(absentText(chosen, config, prometheus, deployed));
    }
    // Grafana is optional: its address is printed even while its Pod is still starting.
    const grafana = await serving("grafana");
    const found: Part[] = grafana === undefined ? ["prometheus"] : ["prometheus", "grafana"];
    return found.map((part) => [part, portOf(part)]);
}
