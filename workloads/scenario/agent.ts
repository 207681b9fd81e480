import type { FastifyInstance } from "fastify";
import type { MeasuredRole } from "../../model/roles.ts";
import type { Probes } from "../agent/app.ts";
import type { ScenarioSettings, ServerSettings } from "../settings.ts";
import { Fill } from "./api.ts";
import { usageReader } from "./usage.ts";
import { VolumeFill } from "./volume-fill.ts";

/** What a scenario adds to an agent: what its probes answer, routes, and its end. */
export interface ScenarioAgent extends Probes {
    addRoutes(app: FastifyInstance): void;
    /** After SIGTERM; the agent serves until it resolves. */
    end(): Promise<void>;
}

/**
 * The part of a role's agent that serves scenarios: see `api.ts`.
 * @param bootId of the agent
 * @param program of a responder's process
 */
export async function scenarioAgent(
    role: MeasuredRole,
    settings: ServerSettings,
    scenario: ScenarioSettings,
    bootId: string,
    program: URL,
): Promise<ScenarioAgent> {
    const agent =
        role === "sender" || role === "writer"
            ? (await import("./initiator-agent.ts")).initiatorAgent(role, settings, scenario, bootId)
            : (await import("./responder-agent.ts")).responderAgent(scenario, program);
    const fill = new VolumeFill(settings.volumes);
    const usage = usageReader();
    const addRoutes = (app: FastifyInstance) => {
        agent.addRoutes(app);
        app.get("/scenario/usage", async () => usage());
        app.post<{ Body: Fill }>("/scenario/fill", { schema: { body: Fill } }, async ({ body }) => fill.fill(body));
        app.delete("/scenario/fill", async () => {
            await fill.empty();
            return {};
        });
    };
    return { ...agent, addRoutes };
}
