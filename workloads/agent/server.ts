import { endProcess, messageOf, onSignal } from "../process.ts";
import { type Role, readServerSettings } from "../settings.ts";
import { controlApp } from "./app.ts";

/**
 * The process of a measured container: serves the control API until a signal.
 * @param serverUrl the entry point's own `import.meta.url`; the measured process is its sibling `trial`
 */
export async function runControlServer(role: Role, serverUrl: string): Promise<void> {
    try {
        const settings = readServerSettings(role, process.env);
        const sibling = new URL(serverUrl.endsWith(".ts") ? "./trial.ts" : "./trial.mjs", serverUrl);
        const app = controlApp(role, settings, sibling);
        onSignal(() => app.close());
        await app.listen({ host: "0.0.0.0", port: settings.controlPort });
        console.log(`${role}: ready, control API on port ${settings.controlPort}`);
    } catch (error) {
        console.error(messageOf(error).startsWith(role) ? messageOf(error) : `${role}: ${messageOf(error)}`);
        endProcess(2);
    }
}
