import { ConfigError, type HopcostConfig, readConfig } from "../config.ts";
import { sandboxContext, sandboxUp } from "../sandbox/cluster.ts";
import { SandboxError } from "../sandbox/errors.ts";
import { Cluster, knownContexts } from "./cluster.ts";
import { CommandError, exitCodes } from "./exit.ts";
import type { StackFile } from "./stack-file.ts";
import type { Say } from "./steps.ts";

/**
 * The validated configuration of a stack with the overrides of this run.
 * @throws CommandError (configuration) with every mistake at once
 */
export function configOf(stack: string, file: StackFile, overrides: Record<string, string>): HopcostConfig {
    try {
        return readConfig(stack, { ...file.values, ...overrides });
    } catch (error) {
        if (error instanceof ConfigError)
            throw new CommandError(exitCodes.configuration, error.message, { cause: error });
        throw error;
    }
}

/** Whether a stack's target is the sandbox, which the command starts itself. */
export function targetsSandbox(config: HopcostConfig): boolean {
    return config.context === sandboxContext;
}

/**
 * Starts the sandbox where it is not up.
 * @throws CommandError (preflight) where it can't run, with the contexts that could be used instead
 */
export async function startSandbox(say: Say): Promise<{ started: boolean }> {
    try {
        return await sandboxUp(say);
    } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        const contexts = knownContexts().filter((name) => name !== sandboxContext);
        const instead = contexts.map((name) => `  ${name}: hopcost run --stack ${stackFor(name)}`).join("\n");
        const hint = contexts.length > 0 ? `\nContexts that you could use instead of the sandbox:\n${instead}` : "";
        throw new CommandError(exitCodes.preflight, `${error.message}${hint}`, { cause: error });
    }
}

/**
 * Looks whether the cluster can take the experiment: reachable, and no foreign namespace in the way.
 * @throws CommandError (preflight), naming context and server
 */
export async function checkCluster(stack: string, config: HopcostConfig): Promise<Cluster> {
    const cluster = new Cluster(config.context, config.kubeconfig);
    await cluster.serverVersion();
    await cluster.namespaceIsOurs(config.namespace, stack);
    return cluster;
}

/** The stack file that is made for such a context; for any other, one to be made. */
function stackFor(context: string): string {
    if (context === "minikube") return "minikube";
    if (context.startsWith("k3d-")) return "k3d";
    if (context.startsWith("arn:aws:eks:")) return "eks";
    return `NAME (copy Pulumi.minikube.yaml to Pulumi.NAME.yaml and set kubernetes:context to ${context})`;
}
