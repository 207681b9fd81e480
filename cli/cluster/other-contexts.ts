import { sandboxContext } from "../../sandbox/cluster/cluster.ts";
import { SandboxError } from "../../sandbox/errors.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";

/**
 * Waits for work with the sandbox; if this machine can't run it, names the contexts that could be used instead.
 * @throws CommandError (preflight)
 */
export async function orOtherContexts<T>(work: Promise<T>): Promise<T> {
    try {
        return await work;
    } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        const { knownContexts } = await import("./kube-config.ts"); // the Kubernetes client takes a while to load
        const contexts = knownContexts().filter((name) => name !== sandboxContext);
        const instead = contexts.map((name) => `  ${name}: hopcost run --stack ${stackFor(name)}`).join("\n");
        const hint = contexts.length > 0 ? `\nContexts that you could use instead of the sandbox:\n${instead}` : "";
        throw new CommandError(exitCodes.preflight, `${error.message}${hint}`, { cause: error });
    }
}

/** The name of the stack file for a context, or how to create one. */
function stackFor(context: string): string {
    if (context === "minikube") return "minikube";
    if (context.startsWith("k3d-")) return "k3d";
    if (context.startsWith("arn:aws:eks:")) return "eks";
    return `NAME (copy Pulumi.minikube.yaml to Pulumi.NAME.yaml and set kubernetes:context to ${context})`;
}
