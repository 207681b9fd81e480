import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Family } from "../../../report/arms.ts";
import { type Attempt, attemptBlock } from "../../../workloads/driver/block.ts";
import { ControlClient } from "../../../workloads/driver/control-client.ts";
import { HttpProxy } from "./http-proxy.ts";
import { freePort, Server } from "./processes.ts";
import { VolumeRelay } from "./volume-relay.ts";

/** A folder on tmpfs, as the shared volume is by default. */
export function scratchFolder(): string {
    return mkdtempSync("/dev/shm/hopcost-test-");
}

/** Both ends of a family as real control servers, with something on the way that a test can break. */
export class Rig {
    readonly family: Family;
    readonly initiator: Server;
    readonly responder: Server;
    readonly way: HttpProxy | VolumeRelay;
    readonly uploadUrl: string | undefined;
    readonly folder: string;
    readonly #stop = new AbortController();
    readonly ends: { initiator: ControlClient; responder: ControlClient; uploadUrl: string | undefined };

    private constructor(
        family: Family,
        initiator: Server,
        responder: Server,
        way: HttpProxy | VolumeRelay,
        folder: string,
        uploadUrl?: string,
    ) {
        this.family = family;
        this.initiator = initiator;
        this.responder = responder;
        this.way = way;
        this.folder = folder;
        this.uploadUrl = uploadUrl;
        const [one, other] = [initiator, responder].map(({ url }) => new ControlClient(url, this.#stop.signal));
        this.ends = { initiator: one as ControlClient, responder: other as ControlClient, uploadUrl };
    }

    static async start(family: Family): Promise<Rig> {
        const folder = scratchFolder();
        if (family === "network") {
            const port = await freePort();
            const proxy = new HttpProxy(port);
            const [sender, receiver, url] = await Promise.all([
                Server.start("sender"),
                Server.start("receiver", { HOPCOST_UPLOAD_PORT: String(port) }),
                proxy.start(),
            ]);
            return new Rig(family, sender, receiver, proxy, folder, url);
        }
        const [a, b] = [join(folder, "writer"), join(folder, "reader")];
        mkdirSync(a);
        mkdirSync(b);
        const relay = new VolumeRelay(a, b);
        const [writer, reader] = await Promise.all([
            Server.start("writer", { HOPCOST_VOLUME: a }),
            Server.start("reader", { HOPCOST_VOLUME: b }),
        ]);
        return new Rig(family, writer, reader, relay, folder);
    }

    /** One block of these sizes, a few rounds each, and no warm-up. */
    attempt(arm: "network/cluster-ip" | "volume/chokidar" | "volume/fs-watch", sizes: number[]): Promise<Attempt> {
        const plan = { warmupSeconds: 0, warmupRoundTrips: 0, cellSeconds: 0.01 };
        return attemptBlock({ index: 0, round: 0, arm, sizes }, plan, this.ends, async () => {});
    }

    async stop(): Promise<void> {
        await Promise.all([this.ends.initiator.close(), this.ends.responder.close()]);
        await Promise.all([this.initiator.kill("SIGTERM"), this.responder.kill("SIGTERM")]);
        this.way.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }
}
