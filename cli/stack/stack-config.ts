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
