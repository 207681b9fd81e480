import type { HopcostConfig } from "../../config/config.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { isInteractive } from "../cluster/exec-plugin.ts";
import { failure, type Outcome } from "./check.ts";
import { openContext } from "./context.ts";
import { credentialsTrouble } from "./credentials.ts";
import { inTime, isTimeout } from "./in-time.ts";

/** How long a plugin may take that can't ask anybody, in seconds. */
const pluginSeconds = 10;

/** A context, and whether its user has credentials. */
export interface LoggedIn {
    context: Outcome;
    /** Undefined if there is no such context. */
    cluster?: Cluster;
    /** Why its user has no credentials. */
    trouble?: Outcome;
}

/**
 * Opens the context of a stack and gets the credentials of its user. Their plugin may ask for a login on stderr, so this
 * comes before the display of a step. A login in a terminal may take as long as it needs.
 * @param use whether Pulumi will log in as well
 * @throws the signal's reason once it is aborted (Ctrl-C)
 */
export async function logIn(
    at: Pick<HopcostConfig, "context" | "kubeconfig">,
    use: "deploy" | "look",
    cancel: AbortSignal,
): Promise<LoggedIn> {
    const { outcome, cluster } = openContext(at);
    if (cluster === undefined) return { context: outcome };
    const trouble = (await troubleInTime(cluster, cancel)) ?? (use === "deploy" ? pulumiTrouble(cluster) : undefined);
    return { context: outcome, cluster, ...(trouble && { trouble }) };
}

async function troubleInTime(cluster: Cluster, cancel: AbortSignal): Promise<Outcome | undefined> {
    const { plugin } = cluster.kubeConfig;
    const isAsked = plugin !== undefined && isInteractive(plugin);
    const late = AbortSignal.any([cancel, ...(isAsked ? [] : [AbortSignal.timeout(pluginSeconds * 1000)])]);
    try {
        return await inTime(credentialsTrouble(cluster.kubeConfig, late), late);
    } catch (error) {
        if (!isTimeout(late)) throw error;
        return failure(
            `Context "${cluster.context}": no answer of its user's plugin ${plugin?.command} in ${pluginSeconds} s`,
            "log in again, or correct the user of the context",
        );
    }
}

/** Pulumi's provider has no terminal. A login that the plugin keeps is enough for it. */
function pulumiTrouble({ context, kubeConfig: { plugin } }: Cluster): Outcome | undefined {
    if (plugin?.interactiveMode !== "Always") return undefined;
    return failure(
        `Context "${context}": the plugin ${plugin.command} of its user asks in a terminal (interactiveMode: Always), but Pulumi's Kubernetes provider has none`,
        "set interactiveMode of the user to IfAvailable",
    );
}
