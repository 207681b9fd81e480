import type { HopcostConfig } from "../../config/config.ts";
import { armsOf, closedLoopSizes } from "../../model/plan.ts";
import { configOf } from "../stack/stack-config.ts";
import { readStackFile } from "../stack/stack-file.ts";
import { CommandError } from "../terminal/exit.ts";
import { failure, type Outcome, ok } from "./check.ts";

/** The configuration of a stack, or why it can't be read. */
export type Readable = { config: HopcostConfig } | { problem: string };

/** Reads the configuration of a stack. */
export function readConfiguration(stack: string): Readable {
    try {
        return { config: configOf(stack, readStackFile(stack), {}) };
    } catch (error) {
        if (error instanceof CommandError) return { problem: error.message };
        throw error;
    }
}

/** Whether the configuration can be read. */
export function configurationOutcome(stack: string, readable: Readable): Outcome {
    if ("problem" in readable)
        return failure(readable.problem, `correct Pulumi.${stack}.yaml, or choose another stack with --stack`);
    const { profile, plan, placement } = readable.config;
    return ok(
        `Pulumi.${stack}.yaml: profile ${profile}, ${armsOf(plan).length} arms, ${closedLoopSizes(plan).length} sizes, placement ${placement}`,
    );
}
