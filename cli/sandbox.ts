import { sandboxContext, sandboxDown, sandboxKubeconfig, sandboxStatus } from "../sandbox/cluster.ts";
import { SandboxError } from "../sandbox/errors.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { startSandbox } from "./preflight.ts";
import { step } from "./steps.ts";

interface Options {
    json?: boolean;
}

/** `hopcost sandbox up`: starts it and tells how to reach it. Returns the exit code. */
export async function up({ json }: Options): Promise<number> {
    const { started } = await step("Kubernetes sandbox", startSandbox);
    const answer = { state: "up", started, context: sandboxContext, kubeconfig: sandboxKubeconfig };
    const text = `The sandbox is up. Use it with: kubectl --kubeconfig ${sandboxKubeconfig} get pods -A`;
    console.log(json ? JSON.stringify(answer) : text);
    return exitCodes.ok;
}

/** `hopcost sandbox down`: stops it. Returns the exit code. */
export async function down({ json }: Options): Promise<number> {
    const { wasUp } = await explained(step("Stopping the sandbox", sandboxDown));
    console.log(
        json ? JSON.stringify({ state: "down", wasUp }) : wasUp ? "The sandbox is down." : "The sandbox was not up.",
    );
    return exitCodes.ok;
}

/** `hopcost sandbox status`. Returns the exit code: 3 where it is broken. */
export async function status({ json }: Options): Promise<number> {
    const found = await explained(sandboxStatus());
    if (json) {
        console.log(JSON.stringify(found, undefined, 2));
    } else {
        console.log(`The sandbox is ${found.state}.`);
        for (const { name, pid, alive } of found.processes)
            console.log(`  ${name}: pid ${pid}${alive ? "" : ", dead"}`);
        if (found.state === "broken") console.log("Start it afresh with: hopcost sandbox up");
    }
    return found.state === "broken" ? exitCodes.preflight : exitCodes.ok;
}

async function explained<T>(work: Promise<T>): Promise<T> {
    try {
        return await work;
    } catch (error) {
        if (error instanceof SandboxError) throw new CommandError(exitCodes.preflight, error.message, { cause: error });
        throw error;
    }
}
