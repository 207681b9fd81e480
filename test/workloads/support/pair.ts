import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import type { Arm } from "../../../model/arms.ts";
import type { Measure, Measured, Payload, Prepare, StartTrial } from "../../../workloads/agent/api.ts";
import { freePort, Server } from "./processes.ts";
import { diskFolder, scratchFolder } from "./rig.ts";

/** Both ends of a topology as real agents, directly connected as in a cluster. */
export class Pair {
    readonly initiator: Server;
    readonly responder: Server;
    /** Folders of the shared volumes; the main one is on tmpfs, the others are on a disk. */
    readonly volumes: Record<"main" | "disk" | "claim", string>;
    readonly #uploadUrl: string;

    private constructor(ends: [Server, Server], volumes: Pair["volumes"], uploadPort: number) {
        [this.initiator, this.responder] = ends;
        this.volumes = volumes;
        this.#uploadUrl = `http://127.0.0.1:${uploadPort}/upload`;
    }

    static async start(topology: "network" | "volume"): Promise<Pair> {
        const volumes = { main: scratchFolder(), disk: diskFolder(), claim: diskFolder() };
        const port = await freePort();
        const env = {
            HOPCOST_UPLOAD_PORT: String(port),
            HOPCOST_VOLUME: volumes.main,
            HOPCOST_DISK_VOLUME: volumes.disk,
            HOPCOST_CLAIM_VOLUME: volumes.claim,
        };
        const roles = topology === "network" ? (["sender", "receiver"] as const) : (["writer", "reader"] as const);
        const ends = await Promise.all(roles.map((role) => Server.start(role, env)));
        return new Pair(ends as [Server, Server], volumes, port);
    }

    /** Fresh processes at both ends. */
    async trial(arm: Arm, maxSize: number, payload: StartTrial["payload"] = "repeated", index = 0): Promise<void> {
        const trial: StartTrial = { arm, index, maxSize, payload, seed: 7, uploadUrl: this.#uploadUrl };
        await this.initiator.ok("DELETE", "/trial");
        await this.responder.ok("PUT", "/trial", trial);
        await this.initiator.ok("PUT", "/trial", trial);
    }

    /** @returns the payloads the initiator sent, after checking that the responder holds them */
    async prepare(cell: Prepare): Promise<Payload[]> {
        assert.deepEqual(await this.responder.ok("POST", "/prepare", cell), []);
        const sent = await this.initiator.ok<Payload[]>("POST", "/prepare", cell);
        assert.deepEqual(await this.responder.ok("GET", "/received"), sent);
        return sent;
    }

    /** Measures a prepared cell, and checks that the responder holds its last payload in every lane. */
    async measure(body: Measure): Promise<Measured> {
        const measured = await this.initiator.ok<Measured>("POST", "/measure", body);
        assert.deepEqual(await this.responder.ok("GET", "/received"), measured.last);
        return measured;
    }

    async stop(): Promise<void> {
        await Promise.all([this.initiator.kill("SIGTERM"), this.responder.kill("SIGTERM")]);
        for (const folder of Object.values(this.volumes)) rmSync(folder, { recursive: true, force: true });
    }
}
