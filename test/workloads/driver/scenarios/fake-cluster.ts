/** As much of an API server, and of the agents in its Pods, as injections use. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Ended, Load, Records } from "../../../../workloads/scenario/api.ts";
import { epochSeconds } from "../../../../workloads/scenario/epoch.ts";

/** Serves every path with what `answer` returns as JSON. */
async function serve(host: string, port: number, answer: (path: string, body: string) => unknown): Promise<Server> {
    const server = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        const found = answer(request.url ?? "", body);
        response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
        response.end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return server;
}

/** The agents of a Pod, or of a pair, which deliver every message at once. */
export class FakeAgents {
    /** How late it says it offered each message. */
    latenessMicroseconds = 100;
    readonly #servers: Promise<Server[]>;
    readonly #bootId: string;
    readonly #scheduled: () => Load | undefined;
    readonly #stopsAfter: number;
    readonly #bornSeconds = epochSeconds();
    #load: Load | undefined;
    #stopped = Number.POSITIVE_INFINITY;

    /**
     * @param ports of the initiator's agent, and of the responder's
     * @param scheduled the load that an initiator finds when it starts
     * @param stopsAfter seconds until it stops once it was asked to
     */
    constructor(
        host: string,
        ports: readonly number[],
        bootId = host,
        scheduled: () => Load | undefined = () => undefined,
        stopsAfter = 0,
    ) {
        this.#bootId = bootId;
        this.#scheduled = scheduled;
        this.#stopsAfter = stopsAfter;
        this.#servers = Promise.all(ports.map((port) => serve(host, port, this.#answer)));
    }

    async opened(): Promise<void> {
        await this.#servers;
    }

    async close(): Promise<void> {
        for (const server of await this.#servers) {
            server.closeAllConnections();
            server.close();
        }
    }

    /** The first slot that it offers, and the first that it has not offered yet. */
    #offered(): [from: number, next: number] {
        const load = this.#load ?? this.#scheduled();
        if (load === undefined) return [0, 0];
        const slotAt = (seconds: number) =>
            Math.max(0, Math.min(load.slots, Math.ceil((seconds - load.startEpochSeconds) * load.ratePerSecond)));
        const from = this.#load === undefined ? slotAt(this.#bornSeconds) : 0;
        return [from, Math.max(from, slotAt(Math.min(this.#stopped, epochSeconds())))];
    }

    readonly #answer = (url: string, body: string): unknown => {
        const { pathname, searchParams } = new URL(url, "http://agent");
        const [from, next] = this.#offered();
        switch (pathname) {
            case "/healthz":
                return {};
            case "/scenario/clock":
                return { epochSeconds: epochSeconds() };
            case "/scenario/load":
                this.#load = JSON.parse(body);
                return {};
            case "/scenario/stop":
                this.#stopped = epochSeconds() + this.#stopsAfter;
                return {};
            case "/scenario/ledger":
                return {
                    entries: Buffer.from(
                        Uint8Array.from({ length: next }, (_, slot) => (slot < from ? 0 : 1)),
                    ).toString("base64"),
                };
            case "/scenario/records": {
                const after = from + Number(searchParams.get("after"));
                const ended = Array.from(
                    { length: next - after },
                    (_, index): Ended => [after + index, 0, 1000, this.latenessMicroseconds, 1],
                );
                const isDone = this.#stopped <= epochSeconds();
                return {
                    injection: "",
                    bootId: this.#bootId,
                    from,
                    next,
                    isDone,
                    cpuSeconds: 1,
                    ended,
                } satisfies Records;
            }
            default:
                return undefined;
        }
    };
}

/** A Pod as the watch reports it. */
interface FakePod {
    metadata: { name: string; uid: string; labels: Record<string, string> };
    status: object;
}

/** A ready Pod of an instance. */
export function readyPod(instance: string, component: string, name: string, podIP: string | undefined): FakePod {
    const labels = { "app.kubernetes.io/instance": instance, "app.kubernetes.io/component": component };
    return {
        metadata: { name, uid: name, labels },
        status: { podIP, conditions: [{ type: "Ready", status: "True" }] },
    };
}

/** An API server with Pods that are there as soon as they are asked for, and gone as soon. */
export class FakeCluster {
    readonly configMaps = new Map<string, { data?: Record<string, string> }>();
    /** Answers nothing. */
    isAway = false;
    /** Part of the name of ConfigMaps that it refuses. */
    refused: string | undefined;
    readonly #podsOf: (deployment: string, replicas: number) => FakePod[];
    readonly #watches = new Set<ServerResponse>();
    readonly #running = new Map<string, FakePod[]>();
    readonly #server = createServer(async (request, response) => {
        if (this.isAway) return void request.socket.destroy();
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
        let body = "";
        for await (const chunk of request) body += chunk;
        response.setHeader("content-type", "application/json");
        if (searchParams.has("watch")) {
            response.flushHeaders();
            this.#watches.add(response);
            for (const pods of this.#running.values()) for (const object of pods) send(response, "ADDED", object);
            return;
        }
        if (pathname === "/version") return void response.end(JSON.stringify({ gitVersion: "v1.36.4" }));
        const scaled = /deployments\/(.+)\/scale$/.exec(pathname)?.[1];
        if (scaled !== undefined) this.#scale(scaled, JSON.parse(body).spec.replicas);
        else if (request.method === "GET") {
            if (!pathname.endsWith("/configmaps")) response.statusCode = 404;
            return void response.end(JSON.stringify({ items: [] }));
        } else if (pathname.includes("/configmaps")) {
            const object = JSON.parse(body);
            const { name } = object.metadata;
            if (this.refused !== undefined && name.includes(this.refused)) response.statusCode = 422;
            else this.configMaps.set(name, object);
        }
        response.end(body);
    });

    /** @param podsOf the Pods of a Deployment with so many replicas; equal names are the same Pods */
    constructor(podsOf: (deployment: string, replicas: number) => FakePod[]) {
        this.#podsOf = podsOf;
    }

    /** @returns its URL */
    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    goAway(): void {
        this.isAway = true;
        this.#watches.clear();
        this.#server.closeAllConnections();
    }

    stop(): void {
        this.goAway();
        this.#server.close();
    }

    #scale(deployment: string, replicas: number): void {
        const before = this.#running.get(deployment) ?? [];
        const pods = this.#podsOf(deployment, replicas);
        this.#running.set(deployment, pods);
        const isIn = (all: FakePod[], { metadata: { uid } }: FakePod) => all.some((one) => one.metadata.uid === uid);
        for (const watch of this.#watches) {
            for (const pod of before.filter((one) => !isIn(pods, one))) send(watch, "DELETED", pod);
            for (const pod of pods.filter((one) => !isIn(before, one))) send(watch, "ADDED", pod);
        }
    }
}

function send(watch: ServerResponse, type: string, object: object): void {
    watch.write(`${JSON.stringify({ type, object })}\n`);
}
