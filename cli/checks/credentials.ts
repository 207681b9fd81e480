import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { reasonOf } from "../cluster/cluster.ts";
import { failure, type Outcome } from "./check.ts";

/**
 * What keeps the user of a context from having credentials; undefined where nothing does. Nothing of them is told: what a plugin
 * printed, or can't be sent, may be a token.
 * @param config its current context is the one that is meant
 */
export async function credentialsTrouble(config: KubeConfig): Promise<Outcome | undefined> {
    const context = `Context "${config.getCurrentContext()}"`;
    if (/^\w+:\/\/[^/]*@/.test(config.getCurrentCluster()?.server ?? "")) {
        return failure(
            `${context}: the address of its server holds credentials`,
            "move them to the user of the context",
        );
    }
    const options: RequestOptions & { headers?: Record<string, string> } = {};
    try {
        await config.applyToHTTPSOptions(options);
        new Headers(options.headers);
        return undefined;
    } catch (error) {
        const { name, exec } = config.getCurrentUser() ?? { name: "", exec: undefined };
        const who = `${context}: its user "${name}" has no credentials`;
        const remedy = "log in again, or correct the user of the context";
        const { message, code, syscall } = error as NodeJS.ErrnoException;
        // That is of the server's address: the request to it will tell.
        if (message.startsWith("HTTP protocol is not allowed")) return undefined;
        if (code === "ENOENT" && syscall?.startsWith("spawn")) {
            return failure(
                `${who} (its plugin ${exec?.command} is not on the PATH)`,
                "install it, or put it on the PATH",
            );
        }
        if (syscall === "open" || syscall === "read") {
            return failure(
                `${context}: a file that it names can't be read (${message})`,
                "correct its user or its cluster",
            );
        }
        if (options.headers?.Authorization !== undefined) {
            return failure(`${who} that can be sent (they hold a line break, or what else no header may have)`, remedy);
        }
        if (error instanceof SyntaxError || error instanceof TypeError) {
            return failure(`${who} (what its plugin ${exec?.command ?? ""} printed is no ExecCredential)`, remedy);
        }
        return failure(
            `${who} (${reasonOf(error).trim() || `its plugin ${exec?.command} failed without a word`})`,
            remedy,
        );
    }
}
