import { type SandboxStatus, sandboxStatus } from "../../sandbox/cluster/cluster.ts";
import { SandboxError } from "../../sandbox/errors.ts";
import { refuseUnfitHost } from "../../sandbox/host.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

/** What is known about the sandbox. */
type Known = Pick<SandboxStatus, "state" | "reason" | "versions" | "nodes" | "enforcesNetworkPolicies">;

/** Whether this machine can run the sandbox, and whether the sandbox is up. */
export async function checkSandbox(): Promise<Outcome> {
    try {
        refuseUnfitHost();
    } catch (error) {
        if (error instanceof SandboxError) return unfitOutcome(error.message);
        throw error;
    }
    return sandboxOutcome(await sandboxStatus());
}

/** The outcome for a machine that can't run it. @param reason with what to do about it */
export function unfitOutcome(reason: string): Outcome {
    return failure(reason, "check another cluster with: hopcost doctor --context NAME");
}

/** The outcome for the sandbox. It doesn't have to be up: a run starts or repairs it. */
export function sandboxOutcome({ state, reason, versions, nodes, enforcesNetworkPolicies }: Known): Outcome {
    const remedy = "hopcost run does that automatically, or run: hopcost sandbox up";
    if (state === "down") {
        return warning(
            "It is down; a run starts it (the first start downloads its programs, or builds what can't be downloaded)",
            remedy,
        );
    }
    if (state === "broken") return warning(`It is broken (${reason}); a run repairs or restarts it`, remedy);
    const up = `it is up: Kubernetes ${versions.kubernetes}, nodes ${nodes.join(", ")}`;
    if (enforcesNetworkPolicies) return ok(`${up}; it enforces NetworkPolicies`);
    return warning(
        `${up}; it doesn't enforce NetworkPolicies, since there was no Go to build kube-router`,
        "nothing to do, or install Go 1.26 or newer and restart it: hopcost sandbox down",
    );
}
