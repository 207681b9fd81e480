import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "../../../model/ledger.ts";
import type { Outcome } from "../../../model/outcomes.ts";
import { type Flow, flowsOf } from "../../../model/scenarios.ts";
import { countsOf } from "../../../statistics/injection.ts";
import { outcomeOf, type Sent } from "../../../statistics/outcome.ts";
import type { Ended, LedgerBytes, Load, ProcessState, Records } from "../../../workloads/scenario/api.ts";
import { entriesOf } from "../../../workloads/scenario/ledger.ts";
import { freePort, Server } from "../support/processes.ts";
import { scratchFolder } from "../support/rig.ts";

type Topology = "network" | "volume";

/** Both ends of a topology in a scenario, as real agents that can be started again with the same volumes. */
export class ScenarioPair {
    initiator!: Server;
    responder!: Server;
    readonly topology: Topology;
    readonly folder: string;
    readonly #uploadPort: number;
    readonly #env: Record<string, string>;

    private constructor(topology: Topology, uploadPort: number, more: Record<string, string>) {
        this.topology = topology;
        this.folder = scratchFolder();
        this.#uploadPort = uploadPort;
        for (const name of ["ledger", "volume"]) mkdirSync(join(this.folder, name));
        this.#env = {
            HOPCOST_LEDGER: join(this.folder, "ledger"),
            HOPCOST_SCHEDULE: this.schedulePath,
            HOPCOST_UPLOAD_PORT: String(uploadPort),
            HOPCOST_VOLUME: join(this.folder, "volume"),
            HOPCOST_DISK_VOLUME: join(this.folder, "not-mounted"),
            HOPCOST_CLAIM_VOLUME: join(this.folder, "not-mounted"),
            ...more,
        };
    }

    /** @param more settings of both ends */
    static async start(topology: Topology, more: Record<string, string> = {}): Promise<ScenarioPair> {
        const pair = new ScenarioPair(topology, await freePort(), more);
        await Promise.all([pair.startInitiator(), pair.startResponder()]);
        return pair;
    }

    get schedulePath(): string {
        return join(this.folder, "schedule.json");
    }

    get volume(): string {
        return join(this.folder, "volume");
    }

    get flows(): Flow[] {
        return flowsOf(this.topology);
    }

    async startInitiator(): Promise<void> {
        this.initiator = await Server.start(this.topology === "network" ? "sender" : "writer", this.#env);
    }

    async startResponder(): Promise<void> {
        this.responder = await Server.start(this.topology === "network" ? "receiver" : "reader", this.#env);
        await until(async () => (await this.responder.call("GET", "/readyz")).status === 200);
    }

    /** A schedule that starts in two seconds: a slot that is past when the initiator gets it is not offered. */
    async schedule(more: Partial<Load> = {}): Promise<Load> {
        const { epochSeconds } = await this.initiator.ok<{ epochSeconds: number }>("GET", "/scenario/clock");
        return {
            ...{ injection: "run-0", ratePerSecond: 100, slots: 200, payloadBytes: 1024, deadlineSeconds: 1 },
            ...{ volume: "main", startEpochSeconds: epochSeconds + 2 },
            ...(this.topology === "network" && { uploadUrl: `http://127.0.0.1:${this.#uploadPort}/upload` }),
            ...more,
        };
    }

    /** The process that serves messages. */
    process(): Promise<ProcessState> {
        return this.responder.ok("GET", "/scenario/process");
    }

    async records(flow: Flow, after = 0): Promise<Records> {
        return this.initiator.ok("GET", `/scenario/records?flow=${flow}&after=${after}`);
    }

    /** Waits until all messages of all flows have ended. @returns the answer without `ended` */
    async untilDone(): Promise<Records> {
        for (;;) {
            const answers = await Promise.all(this.flows.map((flow) => this.records(flow)));
            if (answers[0] !== undefined && answers.every(({ isDone }) => isDone)) return answers[0];
            await pause(50);
        }
    }

    /** Waits until a slot of each flow has been offered. */
    async untilOffered(slot: number): Promise<void> {
        for (const flow of this.flows) await until(async () => (await this.records(flow)).next > slot);
    }

    async ledger(flow: Flow): Promise<Entry[]> {
        const { entries } = await this.responder.ok<LedgerBytes>("GET", `/scenario/ledger?flow=${flow}`);
        return entriesOf(Buffer.from(entries, "base64"));
    }

    /** All that have ended. */
    async ended(flow: Flow): Promise<Ended[]> {
        const all: Ended[] = [];
        for (;;) {
            const { ended } = await this.records(flow, all.length);
            if (ended.length === 0) return all;
            all.push(...ended);
        }
    }

    /** Slots by outcome, of both ends together. */
    async outcomes(flow: Flow, slots: number): Promise<Record<Outcome, number>> {
        return outcomesOf(await this.ended(flow), await this.ledger(flow), slots);
    }

    async stop(): Promise<void> {
        await Promise.all([this.initiator, this.responder].map((server) => server.kill("SIGKILL")));
        await pause(100); // the process that serves ends when it sees that its agent is gone
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Slots by outcome. */
export function outcomesOf(ended: readonly Ended[], ledger: readonly Entry[], slots: number): Record<Outcome, number> {
    const sent: Sent[] = Array.from({ length: slots }, () => ({ kind: "not-offered" }));
    for (const [sequence, ending, microseconds] of ended) {
        const kinds = [
            { kind: "acknowledged", seconds: microseconds / 1e6 },
            { kind: "failed" },
            { kind: "unanswered" },
        ];
        sent[sequence] = kinds[ending] as Sent;
    }
    return countsOf(sent.map((one, at) => ({ at, outcome: outcomeOf(one, ledger[at]?.received ?? 0, 1) })));
}

export function pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
}

export async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await pause(20);
}
