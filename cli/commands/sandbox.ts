import { plural } from "../../report/words/sentences.ts";
import {
    type NodeCount,
    prepareCluster,
    type SandboxStatus,
    sandboxContext,
    sandboxDown,
    sandboxKubeconfig,
    sandboxStatus,
    sandboxUp,
} from "../../sandbox/cluster/cluster.ts";
import { orOtherContexts } from "../cluster/other-contexts.ts";
import { unlessCancelled } from "../terminal/cancel.ts";
import { exitCodes } from "../terminal/exit.ts";
import { step } from "../terminal/steps.ts";

interface Options {
    json?: boolean;
}

interface UpOptions extends Options {
    nodes?: "1" | "2";
}

/**
 * `hopcost sandbox up`: starts it and prints how to reach it. Returns the exit code.
 * @param cancel aborted on Ctrl-C, which stops downloads and builds; a start that has begun is completed
 */
export async function up({ json, ...options }: UpOptions, cancel: AbortSignal): Promise<number> {
    const wanted = options.nodes === undefined ? undefined : (Number(options.nodes) as NodeCount);
    const { started, nodes } = await orOtherContexts(
        step("Kubernetes sandbox", async (show) => {
            await unlessCancelled(prepareCluster(show), cancel);
            return await sandboxUp(show, wanted);
        }),
    );
    const answer = { state: "up", started, nodes, context: sandboxContext, kubeconfig: sandboxKubeconfig };
    console.log(json ? JSON.stringify(answer) : upText(nodes, wanted));
    return exitCodes.ok;
}

/** The message for a sandbox that is up. @param nodes that it has @param wanted by the user, if given */
export function upText(nodes: number, wanted: number | undefined): string {
    const hasMore = wanted !== undefined && wanted < nodes;
    const kept = hasMore
        ? ` and keeps them. For ${plural(wanted, "node")}, first stop it with: hopcost sandbox down`
        : ".";
    return `The sandbox is up with ${plural(nodes, "node")}${kept}\nUse it with: kubectl --kubeconfig ${sandboxKubeconfig} get pods -A`;
}

/** `hopcost sandbox down`: stops it. Returns the exit code. */
export async function down({ json }: Options): Promise<number> {
    const { wasUp } = await step("Stopping the sandbox", sandboxDown);
    console.log(
        json ? JSON.stringify({ state: "down", wasUp }) : wasUp ? "The sandbox is down." : "The sandbox was not up.",
    );
    return exitCodes.ok;
}

/** `hopcost sandbox status`. Returns the exit code: 3 if it is broken. */
export async function status({ json }: Options): Promise<number> {
    const found = await sandboxStatus();
    if (json) {
        console.log(JSON.stringify(found, undefined, 2));
    } else {
        console.log(statusText(found));
    }
    return found.state === "broken" ? exitCodes.preflight : exitCodes.ok;
}

/** The status as text. */
export function statusText({
    state,
    reason,
    nodes,
    processes,
    versions,
    kubeconfig,
    memoryBytes,
}: SandboxStatus): string {
    if (state === "down") return "The sandbox is down. Start it with: hopcost sandbox up";
    if (state === "broken") return `The sandbox is broken (${reason}). Repair it with: hopcost sandbox up`;
    const memory = memoryBytes === undefined ? "" : `, ${Math.round(memoryBytes / 2 ** 20)} MiB of memory`;
    return [
        `The sandbox is up: Kubernetes ${versions.kubernetes}, ${plural(nodes.length, "node")}${memory}.`,
        ...processes.map(({ node, name, pid }) => `  ${node}  ${name.padEnd(24)} pid ${pid}`),
        `Use it with: kubectl --kubeconfig ${kubeconfig} get pods -A`,
    ].join("\n");
}
