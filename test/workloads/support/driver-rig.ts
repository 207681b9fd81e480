import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Target } from "../../../model/plan.ts";
import type { Results } from "../../../model/results.ts";
import type { Trial } from "../../../model/trial.ts";
import { drive } from "../../../workloads/driver/drive.ts";
import { type Measured, planOf } from "../../model/fixtures.ts";
import { FakeApiServer, type Stored } from "./fake-api-server.ts";
import { freePort, Program, Server } from "./processes.ts";
import { scratchFolder } from "./rig.ts";
import { calm, type Tampered } from "./tamper.ts";

type Role = "sender" | "receiver" | "writer" | "reader";

/** The Pod of each role. */
export const podOf: Record<Role, string> = {
    sender: "test-sender",
    receiver: "test-receiver",
    writer: "test-volume",
    reader: "test-volume",
};

/** A plan that is known to have these targets. */
type PlanOf<Topology extends string> = Plan & { targets: Record<Topology, Target> };

/** All four measured containers as real processes, and an API server to write to. */
export class DriverRig {
    readonly api = new FakeApiServer();
    readonly servers: Record<Role, Server>;
    /**
     * Addresses for the driver, through proxies that hide this machine's steal time, so that it can't affect a test.
     */
    readonly agents: Record<Role, Tampered>;
    readonly volume: string;
    readonly #folder: string;
    readonly #apiUrl: string;
    readonly #uploadUrl: string;
    #plans = 0;

    private constructor(
        api: FakeApiServer,
        apiUrl: string,
        servers: DriverRig["servers"],
        agents: DriverRig["agents"],
        folder: string,
        url: string,
    ) {
        this.api = api;
        this.#apiUrl = apiUrl;
        this.servers = servers;
        this.agents = agents;
        this.#folder = folder;
        this.volume = join(folder, "volume");
        this.#uploadUrl = url;
    }

    static async start(): Promise<DriverRig> {
        const folder = scratchFolder();
        const [uploadPort, localPort] = [await freePort(), await freePort()];
        const volume = {
            HOPCOST_POD_NAME: podOf.writer,
            HOPCOST_VOLUME: join(folder, "volume"),
            HOPCOST_DISK_VOLUME: join(folder, "disk"),
            HOPCOST_CLAIM_VOLUME: join(folder, "claim"),
            HOPCOST_UPLOAD_PORT: String(localPort),
        };
        for (const name of ["volume", "disk", "claim"]) mkdirSync(join(folder, name));
        const [sender, receiver, writer, reader] = await Promise.all([
            Server.start("sender", { HOPCOST_POD_NAME: podOf.sender }),
            Server.start("receiver", {
                HOPCOST_POD_NAME: podOf.receiver,
                HOPCOST_UPLOAD_PORT: String(uploadPort),
                HOPCOST_POD_IP: "127.0.0.1",
            }),
            Server.start("writer", volume),
            Server.start("reader", volume),
        ]);
        const api = new FakeApiServer();
        const servers = { sender, receiver, writer, reader };
        const agents = {
            ...{ sender: await calm(sender.url), receiver: await calm(receiver.url) },
            ...{ writer: await calm(writer.url), reader: await calm(reader.url) },
        };
        return new DriverRig(api, await api.start(), servers, agents, folder, `http://localhost:${uploadPort}/upload`);
    }

    /** A plan of a few trials and cells. @param change {@link Measured} included */
    plan(change: Partial<Plan> & Measured = {}): PlanOf<"network" | "volume"> {
        const { sender, receiver, writer, reader } = this.agents;
        const network = {
            initiator: { agent: sender.url },
            responder: { agent: receiver.url },
            uploadUrl: this.#uploadUrl,
        };
        const volume = { initiator: { agent: writer.url }, responder: { agent: reader.url } };
        const sizes = [64, 4096];
        return {
            ...planOf({
                runId: `run-${this.#plans++}`,
                seed: 42,
                profile: "test",
                arms: ["network/cluster-ip", "volume/fs-watch"],
                ...{ sizes, ablationSizes: sizes, repeatSizes: sizes },
                rounds: 2,
                maxRounds: 2,
                warmupSeconds: 0,
                warmupRoundTrips: 20,
                cellSeconds: 0.05,
                cellRoundTrips: 20,
                diagnosticSeconds: 0.05,
                concurrency: 2,
                deadlineSeconds: 120,
                ...change,
            }),
            targets: { network, volume },
        };
    }

    /** Gives each measured container a Pod, like Kubernetes. */
    addPods(): void {
        for (const name of new Set(Object.values(podOf))) this.addPod(name, { qosClass: "Burstable" });
    }

    /** A Pod of the experiment. */
    addPod(name: string, status: Record<string, unknown>): void {
        const labels = { "app.kubernetes.io/part-of": "hopcost" };
        this.api.objects.set(`pods/${name}`, { metadata: { name, labels }, status });
    }

    /** The driver in its own process. */
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

    /** The driver in this process, with shorter waits for Prometheus than in a real run. */
    async drive(plan: Plan, scrapedSeconds: number): Promise<{ exit: number; log: string[] }> {
        const log: string[] = [];
        const { code: exit } = await drive({
            ...{
                plan,
                namespace: "test",
                podName: "driver",
                networkPolicy: "run-driver",
                apiUrl: this.#apiUrl,
                serviceAccount: "/nowhere",
            },
            ...{ signal: new AbortController().signal, log: (line) => log.push(line), scrapedSeconds },
        });
        return { exit, log };
    }

    /** Results of a run, and whether they are complete. */
    results(runId: string): { results: Results; complete: string } {
        const { data = {} } = this.#one(`hopcost-${runId}-results`);
        return { results: JSON.parse(data["results.json"] ?? ""), complete: data.complete ?? "" };
    }

    /** The journal's trials by index. */
    trials(runId: string): Trial[] {
        return this.api
            .named("configmaps", new RegExp(`^hopcost-${runId}-trial-`))
            .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
            .map(({ data = {} }) => JSON.parse(data["trial.json"] ?? ""));
    }

    /** Waits until the journal has this many trials. */
    async untilTrials(runId: string, count: number): Promise<void> {
        while (this.trials(runId).length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    }

    async stop(): Promise<void> {
        for (const agent of Object.values(this.agents)) agent.stop();
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
