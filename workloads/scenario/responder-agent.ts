import { once } from "node:events";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { endProcess } from "../process.ts";
import type { ScenarioSettings } from "../settings.ts";
import type { ScenarioAgent } from "./agent.ts";
import { Fault, type LedgerBytes, LedgerQuery, Liveness, Readiness } from "./api.ts";
import { ledgerBytes } from "./ledger.ts";
import { ResponderProcess } from "./responder-process.ts";

/** What a receiver's or reader's agent does in a scenario. @param program of the process that serves messages */
export function responderAgent({ ledger }: ScenarioSettings, program: URL): ScenarioAgent {
    const responder = new ResponderProcess(program, endProcess);
    let switchBack: NodeJS.Timeout | undefined;
    const setReady = ({ ready, seconds }: Readiness) => {
        clearTimeout(switchBack);
        responder.isSwitchedReady = ready;
        if (seconds !== undefined) switchBack = setTimeout(setReady, 1000 * seconds, { ready: !ready });
    };
    const addRoutes = (app: FastifyInstance) => {
        app.post<{ Body: Fault }>("/scenario/fault", { schema: { body: Fault } }, async ({ body }, reply) => {
            if (body.kind === "kill") once(reply.raw, "close").then(() => responder.suffer("kill"));
            else responder.suffer(body.kind);
            return {};
        });
        app.put<{ Body: Readiness }>("/scenario/readiness", { schema: { body: Readiness } }, async ({ body }) => {
            setReady(body);
            return {};
        });
        app.put<{ Body: Liveness }>("/scenario/liveness", { schema: { body: Liveness } }, async ({ body }) => {
            responder.isWatched = body.watched;
            return {};
        });
        app.get("/scenario/process", async () => responder.state);
        app.get<{ Querystring: LedgerQuery }>(
            "/scenario/ledger",
            { schema: { querystring: LedgerQuery } },
            async ({ query }): Promise<LedgerBytes> => ({
                entries: ledgerBytes(join(ledger, query.flow)).toString("base64"),
            }),
        );
    };
    return {
        unready: () => responder.unready,
        unalive: () => responder.unalive,
        addRoutes,
        end: () => responder.end(),
    };
}
