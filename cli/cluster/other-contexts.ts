import { sandboxContext } from "../../sandbox/cluster/cluster.ts";
import { SandboxError, UnfitHostError } from "../../sandbox/errors.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { knownContexts } from "./kube-files.ts";

/**
 * Waits for work with the sandbox; if that fails, names the contexts that could be used instead. On a machine that can never run
 * it, three lines show how to get a cluster there.
 * @throws CommandError (preflight)
 */
export async function orOtherContexts<T>(work: Promise<T>): Promise<T> {
    try {
        return await work;
    } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        const contexts = knownContexts().filter((name) => name !== sandboxContext);
        const hint = error instanceof UnfitHostError ? `:\n${waysToACluster(contexts)}` : insteadOf(contexts);
        throw new CommandError(exitCodes.preflight, `${error.message}${hint}`, { cause: error });
    }
}

function insteadOf(contexts: readonly string[]): string {
    if (contexts.length === 0) return "";
    const commands = contexts.map((name) => `  ${runWith(shellWord(name))}`).join("\n");
    return `\nContexts that you could use instead of the sandbox:\n${commands}`;
}

/**
 * What to type on a machine that can't run the sandbox, in three lines: with k3d, with minikube, with a cluster that is there.
 * @param contexts known ones
 */
export function waysToACluster(contexts: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
    const [existing, ...others] = contexts.map(shellWord);
    const also = others.length > 0 ? `   (or ${others.join(", ")})` : "";
    return [
        `  with Docker and k3d:  k3d cluster create hopcost   and then   ${runWith("k3d-hopcost", env)}`,
        `  with minikube:        minikube start   and then   ${runWith("minikube", env)}`,
        `  with a context:       ${runWith(existing ?? "NAME", env)}${also}`,
    ].join("\n");
}

/** The command that measures in a context, in the way that the user has started this one. */
function runWith(context: string, env: NodeJS.ProcessEnv = process.env): string {
    // npm and npx say what they were asked for.
    const asked = { start: "npm start --", npx: "npx hopcost run" }[env.npm_lifecycle_event ?? ""];
    return `${asked ?? "hopcost run"} --context ${context}`;
}
