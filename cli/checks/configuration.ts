import type { HopcostConfig } from "../../config/config.ts";
import { armsOf, closedLoopSizes } from "../../model/plan.ts";
import { type ChosenStack, chooseStack, type StackOptions } from "../stack/chosen-stack.ts";
import { configOf } from "../stack/stack-config.ts";
import { CommandError } from "../terminal/exit.ts";
import { failure, type Outcome, ok } from "./check.ts";

/** The configuration of a stack, or why it can't be read. */
export type Readable = { chosen: ChosenStack; config: HopcostConfig } | { problem: string };

/** Reads the configuration of a stack. */
export function readConfiguration(options: StackOptions): Readable {
    try {
        const chosen = chooseStack(options);
        return { chosen, config: configOf(chosen, {}) };
    } catch (error) {
        if (error instanceof CommandError) return { problem: error.message };
        throw error;
    }
}

/** Whether the configuration can be read. */
export function configurationOutcome(readable: Readable): Outcome {
    if ("problem" in readable) {
        return failure(readable.problem, "correct it, or choose another stack with --stack or --context");
    }
    const { profile, plan, placement } = readable.config;
    return ok(
        `${readable.chosen.source}: profile ${profile}, ${armsOf(plan).length} arms, ${closedLoopSizes(plan).length} sizes, placement ${placement}`,
    );
}
