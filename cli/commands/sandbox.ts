import { plural } from "../../report/words/sentences.ts";
import {
    type IpFamily,
    type NodeCount,
    prepareCluster,
    type SandboxStatus,
    type SandboxUp,
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

const families: Record<IpFamily, string> = { ipv4: "IPv4", ipv6: "IPv6", dual: "IPv4 and IPv6" };

interface Options {
    json?: boolean;
}

interface UpOptions extends Options {
    nodes?: "1" | "2";
    ipFamily?: IpFamily;
}

/**
 * `hopcost sandbox up`: starts it and prints how to reach it. Returns the exit code.
 * @param cancel aborted on Ctrl-C, which stops downloads and builds; a start that has begun is completed
 */
export async function up({ json, ...options }: UpOptions, cancel: AbortSignal): Promise<number> {
    const wanted = options.nodes === undefined ? undefined : (Number(options.nodes) as NodeCount);
    const { started, nodes, family } = await orOtherContexts(
        step("Kubernetes sandbox", async (show) => {
            await unlessCancelled(prepareCluster(show), cancel);
            return await sandboxUp(show, { nodes: wanted, family: options.ipFamily });
        }),
    );
    const answer = {
        ...{ state: "up", started, nodes, ipFamily: family },
        ...{ context: sandboxContext, kubeconfig: sandboxKubeconfig },
    };
    console.log(json ? JSON.stringify(answer) : upText({ nodes, family }, { nodes: wanted, family: options.ipFamily }));
    return exitCodes.ok;
}

/** The message for a sandbox that is up. @param wanted by the user; undefined parts were not given */
export function upText(
    { nodes, family }: Pick<SandboxUp, "nodes" | "family">,
    wanted: { nodes?: number | undefined; family?: IpFamily | undefined },
): string {
    const others = [
        ...(wanted.nodes !== undefined && wanted.nodes < nodes ? [plural(wanted.nodes, "node")] : []),
        ...(wanted.family !== undefined && wanted.family !== family ? [families[wanted.family]] : []),
    ];
    const kept =
        others.length > 0
            ? ` and stays as it is. For ${others.join(" and ")}, first stop it with: hopcost sandbox down`
            : ".";
    return `The sandbox is up with ${plural(nodes, "node")} (${families[family]})${kept}\nUse it with: kubectl --kubeconfig ${sandboxKubeconfig} get pods -A`;
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
    ipFamily,
    enforcesNetworkPolicies,
    processes,
    versions,
    kubeconfig,
    memoryBytes,
}: SandboxStatus): string {
    if (state === "down") return "The sandbox is down. Start it with: hopcost sandbox up";
    if (state === "broken") return `The sandbox is broken (${reason}). Repair it with: hopcost sandbox up`;
    const memory = memoryBytes === undefined ? "" : `, ${Math.round(memoryBytes / 2 ** 20)} MiB of memory`;
    return [
        `The sandbox is up: Kubernetes ${versions.kubernetes}, ${plural(nodes.length, "node")} (${families[ipFamily ?? "ipv4"]})${memory}.`,
        ...processes.map(({ node, name, pid }) => `  ${node}  ${name.padEnd(24)} pid ${pid}`),
        ...(enforcesNetworkPolicies
            ? []
            : ["NetworkPolicies are not enforced: there was no Go to build kube-router when it was started."]),
        `Use it with: kubectl --kubeconfig ${kubeconfig} get pods -A`,
    ].join("\n");
}
