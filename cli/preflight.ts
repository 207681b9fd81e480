import { ConfigError, type HopcostConfig, readConfig } from "../config.ts";
import { sandboxContext } from "../sandbox/cluster.ts";
import { Cluster } from "./cluster.ts";
import { CommandError, exitCodes } from "./exit.ts";
import type { StackFile } from "./stack-file.ts";

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
 * Looks whether the cluster can take the experiment: reachable, no foreign namespace in the way, and the StorageClass there
 * that the stack asks for.
 * @throws CommandError (preflight), naming context and server
 */
export async function checkCluster(stack: string, config: HopcostConfig): Promise<Cluster> {
    const cluster = new Cluster(config.context, config.kubeconfig);
    await cluster.serverVersion();
    await cluster.namespaceIsOurs(config.namespace, stack);
    if (config.storageClass !== undefined) await cluster.hasStorageClass(config.storageClass);
    return cluster;
}
