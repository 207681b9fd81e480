import { messageOf } from "../../model/error.ts";
import type { MeasuredRole } from "../../model/roles.ts";
import { endProcess, onSignal } from "../process.ts";
import { readServerSettings } from "../settings.ts";
import { agentApp } from "./app.ts";

/**
 * The process of a measured container: serves the agent API until it gets a signal.
 * @param serverUrl the entry point's own `import.meta.url`; the measured process is its sibling `trial`
 */
export async function runAgent(role: MeasuredRole, serverUrl: string): Promise<void> {
    try {
        const settings = readServerSettings(role, process.env);
        const sibling = new URL(serverUrl.endsWith(".ts") ? "./trial.ts" : "./trial.mjs", serverUrl);
        const app = agentApp(role, settings, sibling);
        onSignal(() => app.close());
        await app.listen({ host: "0.0.0.0", port: settings.agentPort });
        console.log(`${role}: ready, agent API on port ${settings.agentPort}`);
    } catch (error) {
        console.error(messageOf(error).startsWith(role) ? messageOf(error) : `${role}: ${messageOf(error)}`);
        endProcess(2);
    }
}
