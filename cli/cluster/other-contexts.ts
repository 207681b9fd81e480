import { sandboxContext } from "../../sandbox/cluster/cluster.ts";
import { SandboxError } from "../../sandbox/errors.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { knownContexts } from "./kube-files.ts";

/**
 * Waits for work with the sandbox; if this machine can't run it, names the contexts that could be used instead.
 * @throws CommandError (preflight)
 */
export async function orOtherContexts<T>(work: Promise<T>): Promise<T> {
    try {
        return await work;
    } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        const contexts = knownContexts().filter((name) => name !== sandboxContext);
        const instead = contexts.map((name) => `  hopcost run --context ${shellWord(name)}`).join("\n");
        const hint = contexts.length > 0 ? `\nContexts that you could use instead of the sandbox:\n${instead}` : "";
        throw new CommandError(exitCodes.preflight, `${error.message}${hint}`, { cause: error });
    }
}
