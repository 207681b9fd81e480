import { messageOf } from "../../model/error.ts";
import type { MeasuredRole } from "../../model/roles.ts";
import { anyAddress } from "../any-address.ts";
import { endProcess, onSignal } from "../process.ts";
import { readServerSettings } from "../settings.ts";
import { agentApp } from "./app.ts";

/**
 * The process of a measured container: serves the agent API until it gets a signal.
 * @param serverUrl the entry point's own `import.meta.url`, e.g. `.../sender/server.ts` or, in the cluster,
 *   `/hopcost/sender.server.mjs.br`; the measured process is its sibling `trial.ts` or `sender.trial.mjs`
 */
export async function runAgent(role: MeasuredRole, serverUrl: string): Promise<void> {
    try {
        const settings = readServerSettings(role, process.env);
        const sibling = new URL(serverUrl.replace(/server\.(ts|mjs)[^/]*$/, "trial.$1"));
        const app = agentApp(role, settings, sibling);
        onSignal(() => app.close());
        await app.listen({ host: anyAddress, port: settings.agentPort });
        console.log(`${role}: ready, agent API on port ${settings.agentPort}`);
    } catch (error) {
        console.error(messageOf(error).startsWith(role) ? messageOf(error) : `${role}: ${messageOf(error)}`);
        endProcess(2);
    }
}
