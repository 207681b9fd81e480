import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Arm } from "../../../model/arms.ts";
import type { Plan } from "../../../model/plan.ts";
import type { ScheduledCell } from "../../../statistics/schedule.ts";
import { AgentClient } from "../../../workloads/driver/agent-client.ts";
import { type Attempt, attemptTrial } from "../../../workloads/driver/trial.ts";
import { socketFileOn } from "../../../workloads/http/socket-file.ts";
import { HttpProxy, type Mangle } from "./http-proxy.ts";
import { freePort, Server } from "./processes.ts";
import { calm, type Tampered } from "./tamper.ts";
import { VolumeRelay } from "./volume-relay.ts";

/** A folder on tmpfs, as the shared volume is by default. */
export function scratchFolder(): string {
    return mkdtempSync("/dev/shm/hopcost-test-");
}

/** A folder on a disk. */
export function diskFolder(): string {
    return mkdtempSync(join(tmpdir(), "hopcost-test-"));
}

/** Both ends of a topology as real agents, with a relay on every path between them that a test can break. */
export class Rig {
    readonly initiator: Server;
    readonly responder: Server;
    readonly uploadUrl: string | undefined;
    readonly #ways: (HttpProxy | VolumeRelay)[];
    readonly #folders: string[];
    readonly #agents: readonly Tampered[];
    readonly #stop = new AbortController();
    readonly ends: { initiator: AgentClient; responder: AgentClient; uploadUrl: string | undefined };

    private constructor(
        [initiator, responder]: [Server, Server],
        agents: readonly Tampered[],
        ways: (HttpProxy | VolumeRelay)[],
        folders: string[],
        uploadUrl?: string,
    ) {
        this.initiator = initiator;
        this.responder = responder;
        this.uploadUrl = uploadUrl;
        this.#agents = agents;
        this.#ways = ways;
        this.#folders = folders;
        const [one, other] = agents.map(({ url }) => new AgentClient(url, this.#stop.signal, "run-driver"));
        this.ends = { initiator: one as AgentClient, responder: other as AgentClient, uploadUrl };
    }

    static async start(topology: "network" | "volume"): Promise<Rig> {
        const port = await freePort();
        const proxy = new HttpProxy(port);
        const proxyPort = await proxy.start();
        const [toProxy, behindIt] = [proxyPort, port].map((port) => ({ HOPCOST_UPLOAD_PORT: String(port) }));
        if (topology === "network") {
            const servers = await Promise.all([Server.start("sender"), Server.start("receiver", behindIt)]);
            return new Rig(servers, await calmed(servers), [proxy], [], `http://127.0.0.1:${proxyPort}/upload`);
        }
        const folders = [scratchFolder(), diskFolder(), diskFolder()];
        const relays = folders.map((folder) => {
            for (const end of ["writer", "reader"]) mkdirSync(join(folder, end));
            return new VolumeRelay(join(folder, "writer"), join(folder, "reader"));
        });
        const [writerSide, readerSide] = ["writer", "reader"].map((end) => join(folders[0] as string, end));
        const socketProxy = new HttpProxy(socketFileOn(readerSide as string));
        await socketProxy.start(socketFileOn(writerSide as string));
        const servers = await Promise.all([
            Server.start("writer", { ...toProxy, ...volumesIn(folders, "writer") }),
            Server.start("reader", { ...behindIt, ...volumesIn(folders, "reader") }),
        ]);
        return new Rig(servers, await calmed(servers), [proxy, socketProxy, ...relays], folders);
    }

    /** Changes payloads in transit. */
    set mangle(mangle: Mangle) {
        for (const way of this.#ways) way.mangle = mangle;
    }

    /** One trial of these cells, with a few round trips each and no warm-up. */
    attempt(arm: Arm, cells: ScheduledCell[], payload: Plan["payload"] = "repeated"): Promise<Attempt> {
        const cell = { cellSeconds: 0.01, cellRoundTrips: 20 };
        const diagnostics = { diagnosticSeconds: 0.01, ratePerSecond: 1000, concurrency: 4 };
        const plan = { ...cell, payload, seed: 1, warmupSeconds: 0, warmupRoundTrips: 0 };
        const trial = { index: 0, round: 0, arm, cells };
        return attemptTrial(trial, { ...plan, ...diagnostics }, this.ends, async () => {});
    }

    async stop(): Promise<void> {
        await Promise.all([this.ends.initiator.close(), this.ends.responder.close()]);
        await Promise.all([this.initiator.kill("SIGTERM"), this.responder.kill("SIGTERM")]);
        for (const way of [...this.#agents, ...this.#ways]) way.stop();
        for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
    }
}

function calmed(servers: readonly Server[]): Promise<Tampered[]> {
    return Promise.all(servers.map(({ url }) => calm(url)));
}

/** Settings that name the volumes of a role. */
function volumesIn([main, disk, claim]: string[], end: string): Record<string, string> {
    return {
        HOPCOST_VOLUME: `${main}/${end}`,
        HOPCOST_DISK_VOLUME: `${disk}/${end}`,
        HOPCOST_CLAIM_VOLUME: `${claim}/${end}`,
    };
}
