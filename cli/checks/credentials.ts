import type { RequestOptions } from "node:https";
import { reasonOf } from "../cluster/cluster.ts";
import { credentialOf, PluginError } from "../cluster/exec-plugin.ts";
import type { KubectlConfig } from "../cluster/kube-user.ts";
import { failure, type Outcome } from "./check.ts";

/**
 * Why the user of a context has no usable credentials; undefined if they are fine. Never shows any part of them: a plugin's
 * output, or a header that can't be sent, may be a token.
 * @param config its current context is checked
 * @param signal ends its plugin
 */
export async function credentialsTrouble(config: KubectlConfig, signal?: AbortSignal): Promise<Outcome | undefined> {
    const context = `Context "${config.getCurrentContext()}"`;
    if (/^\w+:\/\/[^/]*@/.test(config.getCurrentCluster()?.server ?? "")) {
        return failure(
            `${context}: the address of its server contains credentials`,
            "move them to the user of the context",
        );
    }
    const options: RequestOptions & { headers?: Record<string, string> } = {};
    try {
        if (config.plugin !== undefined) await credentialOf(config.plugin, true, signal);
        await config.applyToHTTPSOptions(options);
        new Headers(options.headers);
        return undefined;
    } catch (error) {
        const who = `${context}: its user "${config.getCurrentUser()?.name}" has no credentials`;
        const remedy = "log in again, or correct the user of the context";
        if (error instanceof PluginError) return failure(`${who} (${error.message})`, error.remedy ?? remedy);
        const { message, syscall } = error as NodeJS.ErrnoException;
        if (syscall === "open" || syscall === "read") {
            return failure(
                `${context}: a file it refers to can't be read (${message})`,
                "correct the user or cluster of the context",
            );
        }
        if (options.headers?.Authorization !== undefined) {
            return failure(
                `${who} that can be sent (they contain a line break or another character not allowed in a header)`,
                remedy,
            );
        }
        return failure(`${who} (${reasonOf(error).trim()})`, remedy);
    }
}
