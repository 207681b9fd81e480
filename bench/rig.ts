import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { decodeHistogram, perMille, quantileSeconds } from "../report/histogram.ts";
import type { Measured } from "../workloads/control-api.ts";

/** Both ends of one arm, as real control servers on this host. */
export interface Rig {
    /** Median of the round trips of a slice, in seconds, after a warm-up of a quarter of it. */
    p50Seconds(size: number, seconds: number): Promise<number>;
    stop(): Promise<void>;
}

/** Largest payload that is measured here. */
const maxSize = 65_536;
let nextPort = 17_000;

/** Sender and receiver of `network/cluster-ip`, over loopback instead of a Service. */
export async function startNetwork(rigs: Rig[]): Promise<Rig & { uploadUrl: string }> {
    const uploadPort = nextPort++;
    const uploadUrl = `http://127.0.0.1:${uploadPort}/upload`;
    const receiver = await startServer("receiver", { HOPCOST_UPLOAD_PORT: String(uploadPort) });
    const sender = await startServer("sender", {});
    const rig = { ...(await startRig("network/cluster-ip", sender, receiver, uploadUrl)), uploadUrl };
    rigs.push(rig);
    return rig;
}

/** Writer and reader of a volume arm on a folder of tmpfs. */
export async function startVolume(rigs: Rig[], arm: string, folder: string): Promise<Rig> {
    mkdirSync(folder);
    const reader = await startServer("reader", { HOPCOST_VOLUME: folder });
    const writer = await startServer("writer", { HOPCOST_VOLUME: folder });
    const rig = await startRig(arm, writer, reader);
    rigs.push(rig);
    return rig;
}

async function startRig(arm: string, initiator: Server, responder: Server, uploadUrl?: string): Promise<Rig> {
    await initiator.call("GET", "/info");
    await responder.call("PUT", "/trial", { arm, maxSize });
    await initiator.call("PUT", "/trial", { arm, maxSize, ...(uploadUrl && { uploadUrl }) });
    return {
        async p50Seconds(size, seconds) {
            await initiator.call("POST", "/prepare", { size });
            await initiator.call("POST", "/measure", { seconds: seconds / 4, roundTrips: 500 });
            const { cell } = await initiator.call<Measured>("POST", "/measure", { seconds, roundTrips: 100 });
            const p50 = quantileSeconds(decodeHistogram(cell.histogram), perMille.p50);
            if (p50 === undefined) throw new Error(`${arm}: too few round trips (${cell.roundTrips}) for a median`);
            return p50;
        },
        async stop() {
            for (const { child } of [initiator, responder]) child.kill("SIGTERM");
        },
    };
}

interface Server {
    child: ChildProcess;
    call<T>(method: string, path: string, body?: object): Promise<T>;
}

async function startServer(role: string, settings: Record<string, string>): Promise<Server> {
    const port = nextPort++;
    const env = {
        ...process.env,
        HOPCOST_CONTROL_PORT: String(port),
        HOPCOST_NODE_NAME: "this-host",
        HOPCOST_POD_NAME: `bench-${role}`,
        ...settings,
    };
    const program = join(import.meta.dirname, "..", "workloads", role, "server.ts");
    const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "ignore", "inherit"] });
    const base = `http://127.0.0.1:${port}`;
    await untilHealthy(`${base}/healthz`, child);
    return {
        child,
        async call<T>(method: string, path: string, body?: object): Promise<T> {
            const request = { method, ...(body && { body: JSON.stringify(body), headers: json }) };
            const response = await fetch(base + path, request);
            const text = await response.text();
            if (!response.ok) throw new Error(`${role}: ${method} ${path} answered ${response.status}: ${text}`);
            return (text === "" ? undefined : JSON.parse(text)) as T;
        },
    };
}

const json = { "content-type": "application/json" };

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
    const deadline = performance.now() + 10_000;
    for (;;) {
        if (child.exitCode !== null) throw new Error(`${url}: the server ended with exit code ${child.exitCode}`);
        const response = await fetch(url).catch(() => undefined); // refused until it listens
        if (response?.ok) return;
        if (performance.now() > deadline) throw new Error(`${url}: no answer in 10 s`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
