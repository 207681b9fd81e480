import { randomUUID } from "node:crypto";
import { messageOf } from "../../model/error.ts";
import type { MeasuredRole } from "../../model/roles.ts";
import { anyAddress } from "../any-address.ts";
import { endProcess, onSignal } from "../process.ts";
import type { ScenarioAgent } from "../scenario/agent.ts";
import { readServerSettings, type ServerSettings } from "../settings.ts";
import { agentApp } from "./app.ts";

/**
 * The process of a measured container: serves the agent API until it gets a signal.
 * @param serverUrl the entry point's own `import.meta.url`, e.g. `.../sender/server.ts` or, in the cluster,
 *   `/hopcost/sender.server.mjs.br`; the measured process is its sibling `trial.ts` or `sender.trial.mjs`, that of a
 *   scenario's responder `scenario.ts` or `receiver.scenario.mjs`
 */
export async function runAgent(role: MeasuredRole, serverUrl: string): Promise<void> {
    try {
        const settings = readServerSettings(role, process.env);
        const sibling = (program: string) => new URL(serverUrl.replace(/server\.(ts|mjs)[^/]*$/, `${program}.$1`));
        const bootId = randomUUID();
        const scenario = await scenarioOf(role, settings, bootId, sibling("scenario"));
        const app = agentApp(role, settings, { trialEntry: sibling("trial"), bootId, ...(scenario && { scenario }) });
        if (scenario === undefined) onSignal(() => app.close());
        // The kubelet kills what takes longer than the grace period; it is not shortened here.
        else onSignal(() => scenario.end().then(() => app.close()), Number.POSITIVE_INFINITY);
        await app.listen({ host: anyAddress, port: settings.agentPort });
        console.log(`${role}: ready, agent API on port ${settings.agentPort}`);
    } catch (error) {
        console.error(messageOf(error).startsWith(role) ? messageOf(error) : `${role}: ${messageOf(error)}`);
        endProcess(2);
    }
}

/** Loads the code of scenarios only in their containers. */
async function scenarioOf(
    role: MeasuredRole,
    settings: ServerSettings,
    bootId: string,
    program: URL,
): Promise<ScenarioAgent | undefined> {
    if (settings.scenario === undefined) return undefined;
    const { scenarioAgent } = await import("../scenario/agent.ts");
    return scenarioAgent(role, settings, settings.scenario, bootId, program);
}
