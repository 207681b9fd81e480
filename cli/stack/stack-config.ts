import { ConfigError, type HopcostConfig, readConfig } from "../../config/config.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import type { ChosenStack } from "./chosen-stack.ts";

/**
 * The validated configuration of a stack with the overrides of this run.
 * @throws CommandError (configuration) with every mistake at once
 */
export function configOf(
    { name, source, file }: Pick<ChosenStack, "name" | "source" | "file">,
    overrides: Record<string, string>,
): HopcostConfig {
    try {
        return readConfig(name, { ...file.values, ...overrides }, source);
    } catch (error) {
        if (error instanceof ConfigError)
            throw new CommandError(exitCodes.configuration, error.message, { cause: error });
        throw error;
    }
}

/**
 * The same for a command that needs a cluster.
 * @throws CommandError (configuration) also if the stack only renders manifests
 */
export function clusterConfigOf(chosen: ChosenStack, overrides: Record<string, string>): HopcostConfig {
    const config = configOf(chosen, overrides);
    if (!config.rendersOnly) return config;
    throw new CommandError(
        exitCodes.configuration,
        `Stack "${chosen.name}" only renders manifests (kubernetes:renderYamlToDirectory in ${chosen.source}), so it has no cluster. To render them: pulumi up ${chosen.options}; to measure, choose another stack`,
    );
}
