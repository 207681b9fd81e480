import { ConfigError, type HopcostConfig, readConfig } from "../../config/config.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
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
