import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../report/plan.ts";
import type { Block, Results } from "../../../report/schema.ts";
import { FakeApiServer, type Stored } from "./fake-api-server.ts";
import { freePort, Program, Server } from "./processes.ts";
import { scratchFolder } from "./rig.ts";

/** All four measured containers as real processes, and an API server to write to. */
export class DriverRig {
    readonly api = new FakeApiServer();
    readonly servers: Record<"sender" | "receiver" | "writer" | "reader", Server>;
    readonly volume: string;
    readonly #folder: string;
    readonly #apiUrl: string;
    readonly #uploadUrl: string;
    #plans = 0;

    private constructor(
        api: FakeApiServer,
        apiUrl: string,
        servers: DriverRig["servers"],
        folder: string,
        url: string,
    ) {
        this.api = api;
        this.#apiUrl = apiUrl;
        this.servers = servers;
        this.#folder = folder;
        this.volume = join(folder, "volume");
        this.#uploadUrl = url;
    }

    static async start(): Promise<DriverRig> {
        const folder = scratchFolder();
        const volume = { HOPCOST_VOLUME: join(folder, "volume") };
        mkdirSync(volume.HOPCOST_VOLUME);
        const port = await freePort();
        const [sender, receiver, writer, reader] = await Promise.all([
            Server.start("sender"),
            Server.start("receiver", { HOPCOST_UPLOAD_PORT: String(port) }),
            Server.start("writer", volume),
            Server.start("reader", volume),
        ]);
        const api = new FakeApiServer();
        const servers = { sender, receiver, writer, reader };
        return new DriverRig(api, await api.start(), servers, folder, `http://127.0.0.1:${port}/upload`);
    }

    /** A plan of a few blocks and cells. */
    plan(changes: Partial<Plan> = {}): Plan {
        const { sender, receiver, writer, reader } = this.servers;
        return {
            schemaVersion: 1,
            runId: `run-${this.#plans++}`,
            seed: 42,
            profile: "test",
            arms: ["network/cluster-ip", "volume/fs-watch"],
            sizes: [64, 4096],
            rounds: 2,
            warmupSeconds: 0,
            warmupRoundTrips: 20,
            cellSeconds: 0.05,
            deadlineSeconds: 120,
            placement: "same-node",
            image: "node:24",
            codeHash: "abc",
            volumeMedium: "Memory",
            network: {
                initiator: { control: sender.url },
                responder: { control: receiver.url },
                uploadUrl: this.#uploadUrl,
            },
            volume: { initiator: { control: writer.url }, responder: { control: reader.url } },
            ...changes,
        };
    }

    /** The driver in a process of its own. */
    driver(plan: unknown, env: Record<string, string> = {}): Program {
        const path = join(this.#folder, `plan-${Math.random()}.json`);
        writeFileSync(path, typeof plan === "string" ? plan : JSON.stringify(plan));
        return new Program("driver/driver.ts", {
            HOPCOST_NAMESPACE: "test",
            HOPCOST_PLAN: path,
            HOPCOST_POD_NAME: "driver",
            HOPCOST_KUBERNETES_URL: this.#apiUrl,
            HOPCOST_SERVICE_ACCOUNT: "/nowhere",
            ...env,
        });
    }

    /** Results of a run, and what stands beside them. */
    results(runId: string): { results: Results; complete: string } {
        const { data = {} } = this.#one(`hopcost-${runId}-results`);
        return { results: JSON.parse(data["results.json"] ?? ""), complete: data.complete ?? "" };
    }

    /** The journal's blocks by index. */
    blocks(runId: string): Block[] {
        return this.api
            .named("configmaps", new RegExp(`^hopcost-${runId}-block-`))
            .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
            .map(({ data = {} }) => JSON.parse(data["block.json"] ?? ""));
    }

    /** Waits until so many blocks are in the journal. */
    async untilBlocks(runId: string, count: number): Promise<void> {
        while (this.blocks(runId).length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    }

    async stop(): Promise<void> {
        await Promise.all(Object.values(this.servers).map((server) => server.kill("SIGTERM")));
        await this.api.stop();
        rmSync(this.#folder, { recursive: true, force: true });
    }

    #one(name: string): Stored {
        const found = this.api.objects.get(`configmaps/${name}`);
        if (found === undefined) throw new Error(`no ConfigMap ${name}`);
        return found;
    }
}
