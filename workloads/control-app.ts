import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import Fastify, { type FastifyError, type FastifyInstance } from "fastify";
import { allArms, familyOf } from "../report/arms.ts";
import { findCgroup, readCounters, readOomKills } from "./cgroup.ts";
import { Measure, Prepare, Trial } from "./control-api.ts";
import { hostInfo } from "./host-info.ts";
import { messageOf } from "./process.ts";
import type { Role, ServerSettings } from "./settings.ts";
import { TrialError, TrialProcess } from "./trial-process.ts";

const initiators: readonly Role[] = ["sender", "writer"];
const familyOfRole = { sender: "network", receiver: "network", writer: "volume", reader: "volume" } as const;

/** A request that can't be served in the present state; the driver sees the status and the text. */
class Refusal extends Error {
    readonly statusCode: number;
    constructor(statusCode: number, message: string) {
        super(message);
        this.statusCode = statusCode;
    }
}

/**
 * A role's control server: see `control-api.ts`. It does nothing while its measured process measures.
 * @param trialEntry the measured process's program
 */
export function controlApp(role: Role, settings: ServerSettings, trialEntry: URL): FastifyInstance {
    const read = (path: string) => readFileSync(path, "utf8");
    const bootId = randomUUID();
    const cgroup = findCgroup(read);
    const oomKills = readOomKills(cgroup, read);
    let trial: TrialProcess | undefined;
    let starting: Promise<unknown> = Promise.resolve();

    const explain = (signal: NodeJS.Signals | null) => {
        if (signal !== "SIGKILL") return "";
        const killed = (readOomKills(cgroup, read) ?? 0) > (oomKills ?? 0);
        return killed ? ", killed by the kernel for want of memory: raise the container's memory limit" : "";
    };
    const running = () => {
        if (trial === undefined) throw new Refusal(409, `${role}: no trial is running; PUT /trial first`);
        return trial;
    };
    const endTrial = async () => {
        const old = trial;
        trial = undefined;
        await old?.end();
    };
    const startTrial = async (body: Trial) => {
        await endTrial();
        const next = new TrialProcess(trialEntry, body, explain);
        trial = next;
        try {
            await next.call("start", body);
        } catch (error) {
            await next.end();
            if (trial === next) trial = undefined;
            throw error;
        }
    };
    /** One start or end at a time, in the order in which they were asked for. */
    const inTurn = (work: () => Promise<void>) => {
        const result = starting.then(work, work);
        starting = result.catch(() => {});
        return result;
    };

    const app = Fastify({
        logger: false,
        forceCloseConnections: true,
        keepAliveTimeout: 3_600_000,
        requestTimeout: 0,
        ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
    });
    app.setErrorHandler((error: FastifyError | TrialError | Refusal, request, reply) => {
        const where = `${request.method} ${request.url}`;
        if ("validation" in error && error.validation) {
            const faults = error.validation.map((fault) => `body${fault.instancePath} ${fault.message}`);
            return reply.code(400).send({ error: `${role}: ${where}: ${faults.join("; ")}` });
        }
        if (error instanceof TrialError) {
            return reply
                .code(500)
                .send({ error: `${role}: ${error.message}`, ...(error.code && { code: error.code }) });
        }
        const status = error instanceof Refusal || "statusCode" in error ? (error.statusCode ?? 500) : 500;
        const text = error instanceof Refusal ? error.message : `${role}: ${where}: ${messageOf(error)}`;
        return reply.code(status).send({ error: text });
    });
    app.setNotFoundHandler((request, reply) =>
        reply.code(404).send({ error: `${role}: ${request.method} ${request.url} is not part of the control API` }),
    );
    app.get("/healthz", async () => ({ ready: true }));
    app.get("/info", async () => hostInfo(role, settings, bootId, cgroup, read));
    app.get("/counters", async () => readCounters(cgroup, read));
    app.put<{ Body: Trial }>("/trial", { schema: { body: Trial } }, async ({ body }) => {
        checkTrial(role, body);
        await inTurn(() => startTrial(body));
        return {};
    });
    app.delete("/trial", async () => {
        await inTurn(endTrial);
        return {};
    });
    if (initiators.includes(role)) {
        app.post<{ Body: Prepare }>("/prepare", { schema: { body: Prepare } }, async ({ body }) => {
            const { maxSize } = running().trial;
            if (body.size > maxSize) {
                throw new Refusal(
                    400,
                    `${role}: size must be at most ${maxSize} (the trial's maxSize), got ${body.size}`,
                );
            }
            return running().call("prepare", body);
        });
        app.post<{ Body: Measure }>("/measure", { schema: { body: Measure } }, async ({ body }) =>
            running().call("measure", body),
        );
    } else {
        app.get("/received", async () => running().call("received", {}));
    }
    app.addHook("onClose", () => inTurn(endTrial));
    return app;
}

/** @throws Refusal where a trial can't be of this role */
function checkTrial(role: Role, { arm, uploadUrl }: Trial): void {
    const known = allArms.find((name) => name === arm);
    const own = allArms.filter((name) => familyOf(name) === familyOfRole[role]);
    if (known === undefined || !own.includes(known)) {
        throw new Refusal(400, `${role}: arm must be one of ${own.join(", ")}, got "${arm}"`);
    }
    if (role === "sender" && (uploadUrl === undefined || !URL.canParse(uploadUrl))) {
        throw new Refusal(
            400,
            `sender: uploadUrl must be a URL, got ${uploadUrl === undefined ? "none" : `"${uploadUrl}"`}`,
        );
    }
}
