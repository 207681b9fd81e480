import type { HopcostConfig } from "../../config/config.ts";
import { sandboxContext } from "../../sandbox/layout.ts";

/** Whether a stack's target is the sandbox, which the command starts itself. */
export function targetsSandbox({ context }: Pick<HopcostConfig, "context">): boolean {
    return context === sandboxContext;
}
