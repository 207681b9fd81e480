import { type SandboxStatus, sandboxStatus } from "../../sandbox/cluster/cluster.ts";
import { SandboxError } from "../../sandbox/errors.ts";
import { refuseUnfitHost } from "../../sandbox/host.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

/** What is known of the sandbox. */
type Known = Pick<SandboxStatus, "state" | "reason" | "versions" | "nodes">;

/** Whether this machine can run the sandbox, and whether it does. */
export async function checkSandbox(): Promise<Outcome> {
    try {
        refuseUnfitHost();
    } catch (error) {
        if (error instanceof SandboxError) return unfitOutcome(error.message);
        throw error;
    }
    return sandboxOutcome(await sandboxStatus());
}

/** What to say of a machine that can't. @param reason with what to do on it */
export function unfitOutcome(reason: string): Outcome {
    return failure(reason, "what is missing for another stack says: hopcost doctor --stack minikube");
}

/** What to say of the sandbox. Where it doesn't run, that is no failure: a run starts it, or mends it. */
export function sandboxOutcome({ state, reason, versions, nodes }: Known): Outcome {
    const remedy = "hopcost run does it itself, or: hopcost sandbox up";
    if (state === "down") {
        return warning("It is down; a run starts it (the first time it is built, about fifteen minutes)", remedy);
    }
    if (state === "broken") return warning(`It is broken (${reason}); a run mends it or starts it afresh`, remedy);
    return ok(
        `it is up: Kubernetes ${versions.kubernetes}, nodes ${nodes.join(", ")}; nothing in it enforces NetworkPolicies`,
    );
}
