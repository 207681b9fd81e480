import {
    type SandboxStatus,
    sandboxContext,
    sandboxDown,
    sandboxKubeconfig,
    sandboxStatus,
    sandboxUp,
} from "../sandbox/cluster.ts";
import { exitCodes } from "./exit.ts";
import { orOtherContexts } from "./other-contexts.ts";
import { step } from "./steps.ts";

interface Options {
    json?: boolean;
}

/** `hopcost sandbox up`: starts it and tells how to reach it. Returns the exit code. */
export async function up({ json }: Options): Promise<number> {
    const { started } = await orOtherContexts(step("Kubernetes sandbox", sandboxUp));
    const answer = { state: "up", started, context: sandboxContext, kubeconfig: sandboxKubeconfig };
    const text = `The sandbox is up. Use it with: kubectl --kubeconfig ${sandboxKubeconfig} get pods -A`;
    console.log(json ? JSON.stringify(answer) : text);
    return exitCodes.ok;
}

/** `hopcost sandbox down`: stops it. Returns the exit code. */
export async function down({ json }: Options): Promise<number> {
    const { wasUp } = await step("Stopping the sandbox", sandboxDown);
    console.log(
        json ? JSON.stringify({ state: "down", wasUp }) : wasUp ? "The sandbox is down." : "The sandbox was not up.",
    );
    return exitCodes.ok;
}

/** `hopcost sandbox status`. Returns the exit code: 3 where it is broken. */
export async function status({ json }: Options): Promise<number> {
    const found = await sandboxStatus();
    if (json) {
        console.log(JSON.stringify(found, undefined, 2));
    } else {
        console.log(statusText(found));
    }
    return found.state === "broken" ? exitCodes.preflight : exitCodes.ok;
}

/** The status for people. */
export function statusText({ state, reason, processes, versions, kubeconfig, memoryBytes }: SandboxStatus): string {
    if (state === "down") return "The sandbox is down. Start it with: hopcost sandbox up";
    if (state === "broken") return `The sandbox is broken (${reason}). Start it afresh with: hopcost sandbox up`;
    const memory = memoryBytes === undefined ? "" : `, ${Math.round(memoryBytes / 2 ** 20)} MiB of memory`;
    return [
        `The sandbox is up: Kubernetes ${versions.kubernetes}${memory}.`,
        ...processes.map(({ name, pid }) => `  ${name.padEnd(24)} pid ${pid}`),
        `Use it with: kubectl --kubeconfig ${kubeconfig} get pods -A`,
    ].join("\n");
}
