import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Arm } from "../model/arms.ts";
import { decodeHistogram, type Histogram, perMille, quantileSeconds } from "../statistics/histogram.ts";
import type { Measured, Prepare, StartTrial } from "../workloads/agent/api.ts";

/** Both ends of one arm, as real agents on this host. */
export interface Rig {
    /** Base URLs of both agents. */
    agents: readonly string[];
    /** The round trips of a slice, after a warm-up of a quarter of it. */
    measure(size: number, seconds: number): Promise<Histogram>;
    /** Their median, in seconds. */
    p50Seconds(size: number, seconds: number): Promise<number>;
    /** Fresh processes at both ends. */
    restart(): Promise<void>;
    /** Reads both ends' counters, as around each cell. */
    readCounters(): Promise<void>;
    stop(): Promise<void>;
}

/** Largest payload measured here. */
const maxSize = 65_536;
let nextPort = 17_000;

/** A port that nothing here uses yet. */
export function freshPort(): number {
    return nextPort++;
}

/** Sender and receiver of an arm, over loopback instead of a Service. */
export async function startNetwork(rigs: Rig[], arm: Arm): Promise<Rig & { uploadUrl: string }> {
    const uploadPort = freshPort();
    const uploadUrl = `http://127.0.0.1:${uploadPort}/upload`;
    const receiver = await startServer("receiver", { HOPCOST_UPLOAD_PORT: String(uploadPort) });
    const sender = await startServer("sender", {});
    const rig = { ...(await startRig(arm, sender, receiver, uploadUrl)), uploadUrl };
    rigs.push(rig);
    return rig;
}

/** Writer and reader of a volume arm on a folder of tmpfs. */
export async function startVolume(rigs: Rig[], arm: Arm, folder: string): Promise<Rig> {
    mkdirSync(folder);
    const reader = await startServer("reader", { HOPCOST_VOLUME: folder });
    const writer = await startServer("writer", { HOPCOST_VOLUME: folder });
    const rig = await startRig(arm, writer, reader);
    rigs.push(rig);
    return rig;
}

async function startRig(arm: Arm, initiator: Server, responder: Server, uploadUrl?: string): Promise<Rig> {
    await initiator.call("GET", "/info");
    const trial: StartTrial = { arm, index: 0, maxSize, payload: "repeated", seed: 0, ...(uploadUrl && { uploadUrl }) };
    const restart = async () => {
        for (const end of [responder, initiator]) await end.call("PUT", "/trial", trial);
    };
    await restart();
    const measure = async (size: number, seconds: number) => {
        const next: Prepare = { mode: "closed-loop", size, concurrency: 1 };
        for (const end of [responder, initiator]) await end.call("POST", "/prepare", next);
        await initiator.call("POST", "/measure", { seconds: seconds / 4, roundTrips: 500, warmUp: true });
        const { cell } = await initiator.call<Measured>("POST", "/measure", { seconds, roundTrips: 100 });
        return decodeHistogram(cell.histogram);
    };
    return {
        agents: [initiator.url, responder.url],
        measure,
        restart,
        async p50Seconds(size, seconds) {
            const histogram = await measure(size, seconds);
            const p50 = quantileSeconds(histogram, perMille.p50);
            if (p50 === undefined) throw new Error(`${arm}: too few round trips (${histogram.count}) for a median`);
            return p50;
        },
        async readCounters() {
            await Promise.all([initiator, responder].map((end) => end.call("GET", "/counters")));
        },
        async stop() {
            for (const { child } of [initiator, responder]) child.kill("SIGTERM");
        },
    };
}

/** An agent on this host. */
export interface Server {
    /** Base URL of its API. */
    url: string;
    child: ChildProcess;
    /** Calls it. @throws Error with its answer if it refuses */
    call<T>(method: string, path: string, body?: object): Promise<T>;
}

/** Starts the agent of a role. @param settings environment variables @returns once it is ready */
export async function startServer(role: string, settings: Record<string, string>): Promise<Server> {
    const port = freshPort();
    const env = {
        ...process.env,
        HOPCOST_AGENT_PORT: String(port),
        HOPCOST_NODE_NAME: "this-host",
        HOPCOST_POD_NAME: `bench-${role}`,
        ...settings,
    };
    const program = join(import.meta.dirname, "..", "workloads", role, "server.ts");
    const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "ignore", "inherit"] });
    const url = `http://127.0.0.1:${port}`;
    await untilReady(`${url}/readyz`, child);
    return {
        url,
        child,
        async call<T>(method: string, path: string, body?: object): Promise<T> {
            const request = { method, ...(body && { body: JSON.stringify(body), headers: json }) };
            const response = await fetch(url + path, request);
            const text = await response.text();
            if (!response.ok) throw new Error(`${role}: ${method} ${path} answered ${response.status}: ${text}`);
            return (text === "" ? undefined : JSON.parse(text)) as T;
        },
    };
}

const json = { "content-type": "application/json" };

async function untilReady(url: string, child: ChildProcess): Promise<void> {
    const deadline = performance.now() + 10_000;
    for (;;) {
        if (child.exitCode !== null) throw new Error(`${url}: the server ended with exit code ${child.exitCode}`);
        const response = await fetch(url).catch(() => undefined); // refused until it listens
        if (response?.ok) return;
        if (performance.now() > deadline) throw new Error(`${url}: no answer in 10 s`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
