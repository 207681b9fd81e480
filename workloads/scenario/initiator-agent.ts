import { existsSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { messageOf } from "../../model/error.ts";
import type { Flow } from "../../model/scenarios.ts";
import { dueOf } from "../../statistics/timetable.ts";
import { Refusal } from "../agent/refusal.ts";
import type { ScenarioSettings, ServerSettings } from "../settings.ts";
import type { ScenarioAgent } from "./agent.ts";
import { type ClockReading, Load, type Records, RecordsQuery, recordsPerAnswer } from "./api.ts";
import { epochSeconds } from "./epoch.ts";
import { Offering } from "./offering.ts";
import { readSchedule } from "./schedule-file.ts";

/** What a sender's or writer's agent does in a scenario. @param bootId of the agent */
export function initiatorAgent(
    role: "sender" | "writer",
    settings: ServerSettings,
    scenario: ScenarioSettings,
    bootId: string,
): ScenarioAgent {
    const topology = role === "sender" ? "network" : "volume";
    let current: Offering | undefined;
    const offer = async (schedule: Load) => {
        const earlier = current;
        if (earlier?.injection === schedule.injection) return earlier.opened;
        if (earlier?.isDone === false)
            throw new Refusal(409, `${role}: injection ${earlier.injection} goes on; POST /scenario/stop first`);
        const next = new Offering(topology, schedule, settings.volumes);
        current = next;
        try {
            await earlier?.close();
            await next.opened;
        } catch (error) {
            if (current === next) current = undefined;
            throw error;
        }
    };
    const offering = () => {
        if (current === undefined) throw new Refusal(409, `${role}: no load is running; PUT /scenario/load first`);
        return current;
    };

    const file = readSchedule(scenario.schedule);
    if (file?.startEpochSeconds !== undefined) {
        const schedule = { ...file, startEpochSeconds: file.startEpochSeconds };
        const isPast = epochSeconds() > schedule.startEpochSeconds + dueOf(schedule, schedule.slots - 1);
        if (!isPast) offer(schedule).catch((error) => console.error(`${role}: ${messageOf(error)}`));
    }

    const addRoutes = (app: FastifyInstance) => {
        app.get("/scenario/clock", async (): Promise<ClockReading> => ({ epochSeconds: epochSeconds() }));
        app.put<{ Body: Load }>("/scenario/load", { schema: { body: Load } }, async ({ body }) => {
            checkLoad(role, body, settings.volumes);
            await offer(body);
            return {};
        });
        app.post("/scenario/stop", async () => {
            offering().stop();
            return {};
        });
        app.get<{ Querystring: RecordsQuery }>(
            "/scenario/records",
            { schema: { querystring: RecordsQuery } },
            async ({ query: { flow, after } }): Promise<Records> => {
                const records = offering().records(flow as Flow, Number(after ?? 0), recordsPerAnswer);
                if (records === undefined)
                    throw new Refusal(404, `${role}: the ${topology} topology has no flow "${flow}"`);
                return { ...records, bootId };
            },
        );
    };
    return { unready: () => undefined, unalive: () => undefined, addRoutes, end: async () => current?.close() };
}

/** @throws Refusal if this role can't offer it */
function checkLoad(role: "sender" | "writer", { uploadUrl, volume }: Load, volumes: ServerSettings["volumes"]): void {
    if (role === "writer" && !existsSync(volumes[volume]))
        throw new Refusal(400, `writer: the volume "${volume}" is not mounted at ${volumes[volume]}`);
    if (role === "sender" && (uploadUrl === undefined || !URL.canParse(uploadUrl))) {
        const got = uploadUrl === undefined ? "none" : `"${uploadUrl}"`;
        throw new Refusal(400, `sender: uploadUrl must be a URL, got ${got}`);
    }
}
