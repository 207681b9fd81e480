import Fastify, { type FastifyError, type FastifyInstance } from "fastify";
import { messageOf } from "../../model/error.ts";
import { metricsPath } from "../../model/metric-names.ts";
import type { MeasuredRole } from "../../model/roles.ts";
import { findCgroup, readOomKills } from "../accounting/cgroup.ts";
import { hostContext } from "../accounting/host-context.ts";
import { hostInfo } from "../accounting/host-info.ts";
import { kernelFiles } from "../accounting/kernel-files.ts";
import { WorkloadMetrics } from "../metrics/workload-metrics.ts";
import { armsOf } from "../role-arms.ts";
import type { ServerSettings } from "../settings.ts";
import { Measure, type Measured, Prepare, StartTrial } from "./api.ts";
import { Refusal } from "./refusal.ts";
import { TrialError, type TrialProcess } from "./trial-process.ts";
import { TrialSlot } from "./trial-slot.ts";

const initiators: readonly MeasuredRole[] = ["sender", "writer"];

/** What the probes of Kubernetes ask. */
export interface Probes {
    /** Why it isn't ready, or isn't alive; undefined if it is. */
    unready(): string | undefined;
    unalive(): string | undefined;
}

/** An agent is ready and alive as soon as it answers. */
const alwaysFine: Probes = { unready: () => undefined, unalive: () => undefined };

/** What a role's agent is besides its role. */
export interface AgentOptions {
    /** The measured process's program. */
    trialEntry: URL;
    /** Random per start of the agent. */
    bootId: string;
    /** What it adds in a scenario. */
    scenario?: Probes & { addRoutes(app: FastifyInstance): void };
}

/** A role's agent: see `api.ts`. While its process measures, it answers only Prometheus, if there is one. */
export function agentApp(
    role: MeasuredRole,
    settings: ServerSettings,
    { trialEntry, bootId, scenario }: AgentOptions,
): FastifyInstance {
    const cgroup = findCgroup(kernelFiles.read);
    const oomKills = readOomKills(cgroup, kernelFiles.read);
    const slot = new TrialSlot(trialEntry, (signal) => {
        if (signal !== "SIGKILL") return "";
        const killed = (readOomKills(cgroup, kernelFiles.read) ?? 0) > (oomKills ?? 0);
        return killed ? ", OOM-killed: raise the container's memory limit" : "";
    });
    const metrics = new WorkloadMetrics(initiators.includes(role), () => slot.alive);
    let prepared: Prepare | undefined;
    const running = () => {
        if (slot.trial === undefined) throw new Refusal(409, `${role}: no trial is running; PUT /trial first`);
        return slot.trial;
    };

    const app = Fastify({
        logger: false,
        forceCloseConnections: true,
        keepAliveTimeout: 3_600_000,
        requestTimeout: 0,
        ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
    });
    answerErrors(app, role, metrics);
    app.get("/healthz", async () => ({ ready: true }));
    const { unready, unalive } = scenario ?? alwaysFine;
    for (const [path, fault] of [["/readyz", unready] as const, ["/livez", unalive] as const]) {
        app.get(path, async () => {
            const reason = fault();
            if (reason !== undefined) throw new Refusal(503, `${role}: ${reason}`);
            return { ready: true };
        });
    }
    app.get("/info", async () => hostInfo(role, settings, bootId, cgroup));
    app.get("/counters", async () => slot.counters());
    app.get("/host", async () => hostContext());
    app.get(metricsPath, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
    app.put<{ Body: StartTrial }>("/trial", { schema: { body: StartTrial } }, async ({ body }) => {
        checkTrial(role, body);
        metrics.starting(body);
        await slot.start(body);
        return {};
    });
    app.delete("/trial", async () => {
        await slot.end();
        return {};
    });
    app.post<{ Body: Prepare }>("/prepare", { schema: { body: Prepare } }, async ({ body }) => {
        checkCell(role, body, running());
        prepared = body;
        return running().call("prepare", body);
    });
    if (initiators.includes(role)) {
        app.post<{ Body: Measure }>("/measure", { schema: { body: Measure } }, async ({ body }) => {
            const trial = running();
            const cell = prepared;
            const measured = (await trial.call("measure", body)) as Measured;
            if (cell !== undefined && !body.warmUp) metrics.measured(trial.trial.arm, cell, measured);
            return measured;
        });
    } else {
        app.get("/received", async () => running().call("received", {}));
    }
    scenario?.addRoutes(app);
    app.addHook("onClose", () => slot.end());
    return app;
}

/** Every failure is answered with `{ "error": "what failed, where" }`. */
function answerErrors(app: FastifyInstance, role: MeasuredRole, metrics: WorkloadMetrics): void {
    app.setErrorHandler((error: FastifyError | TrialError | Refusal, request, reply) => {
        const where = `${request.method} ${request.url}`;
        if ("validation" in error && error.validation) {
            const faults = error.validation.map(
                (fault) => `${error.validationContext}${fault.instancePath} ${fault.message}`,
            );
            return reply.code(400).send({ error: `${role}: ${where}: ${faults.join("; ")}` });
        }
        if (error instanceof TrialError) {
            metrics.failed(error.arm);
            return reply
                .code(500)
                .send({ error: `${role}: ${error.message}`, ...(error.code && { code: error.code }) });
        }
        const status = error instanceof Refusal || "statusCode" in error ? (error.statusCode ?? 500) : 500;
        const text = error instanceof Refusal ? error.message : `${role}: ${where}: ${messageOf(error)}`;
        return reply.code(status).send({ error: text });
    });
    app.setNotFoundHandler((request, reply) =>
        reply.code(404).send({ error: `${role}: ${request.method} ${request.url} is not part of the agent API` }),
    );
}

/** @throws Refusal if this role can't run the trial */
function checkTrial(role: MeasuredRole, { arm, uploadUrl }: StartTrial): void {
    const own = armsOf(role);
    if (!own.some((name) => name === arm)) {
        throw new Refusal(400, `${role}: arm must be one of ${own.join(", ")}, got "${arm}"`);
    }
    if (role === "sender" && (uploadUrl === undefined || !URL.canParse(uploadUrl))) {
        const got = uploadUrl === undefined ? "none" : `"${uploadUrl}"`;
        throw new Refusal(400, `sender: uploadUrl must be a URL, got ${got}`);
    }
}

/** @throws Refusal if the cell doesn't fit the running trial */
function checkCell(
    role: MeasuredRole,
    { size, mode, concurrency }: Prepare,
    { trial: { maxSize } }: TrialProcess,
): void {
    if (size > maxSize) {
        throw new Refusal(400, `${role}: size must be at most ${maxSize} (the trial's maxSize), got ${size}`);
    }
    if (mode !== "throughput" && concurrency !== 1) {
        throw new Refusal(
            400,
            `${role}: concurrency must be 1 except in throughput cells, got ${concurrency} (${mode})`,
        );
    }
}
