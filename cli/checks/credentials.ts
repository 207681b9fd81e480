import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { reasonOf } from "../cluster/cluster.ts";
import { failure, type Outcome } from "./check.ts";

/**
 * Why the user of a context has no usable credentials; undefined if they are fine. Never shows any part of them: a plugin's
 * output, or a header that can't be sent, may be a token.
 * @param config its current context is checked
 */
export async function credentialsTrouble(config: KubeConfig): Promise<Outcome | undefined> {
    const context = `Context "${config.getCurrentContext()}"`;
    if (/^\w+:\/\/[^/]*@/.test(config.getCurrentCluster()?.server ?? "")) {
        return failure(
            `${context}: the address of its server contains credentials`,
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
        // That is about the server's address: the request to it will fail with a better message.
        if (message.startsWith("HTTP protocol is not allowed")) return undefined;
        if (code === "ENOENT" && syscall?.startsWith("spawn")) {
            return failure(
                `${who} (its plugin ${exec?.command} is not on the PATH)`,
                "install it, or put it on the PATH",
            );
        }
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
        if (error instanceof SyntaxError || error instanceof TypeError) {
            return failure(`${who} (the output of its plugin ${exec?.command ?? ""} is not an ExecCredential)`, remedy);
        }
        return failure(
            `${who} (${reasonOf(error).trim() || `its plugin ${exec?.command} failed without a message`})`,
            remedy,
        );
    }
}
