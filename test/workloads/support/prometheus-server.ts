import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prometheusPrograms } from "../../../sandbox/images/prometheus.ts";
import { saysNothing } from "../../../sandbox/say.ts";
import { freePort } from "./processes.ts";

/** A target to scrape every second. */
export interface Target {
    job: string;
    /** Its URL; `/metrics` is scraped. */
    url: string;
    labels: Record<string, string>;
}

/** A real Prometheus with its data in its own folder. */
export class PrometheusServer {
    readonly url: string;
    readonly #child: ChildProcess;
    readonly #folder: string;

    private constructor(url: string, child: ChildProcess, folder: string) {
        this.url = url;
        this.#child = child;
        this.#folder = folder;
    }

    /** Starts it; it becomes ready later. */
    static async start(targets: readonly Target[]): Promise<PrometheusServer> {
        const program = join(await prometheusPrograms(saysNothing), "prometheus");
        const folder = mkdtempSync(join(tmpdir(), "hopcost-prometheus-"));
        const file = join(folder, "prometheus.yml");
        const scrape_configs = [...new Set(targets.map(({ job }) => job))].map((job_name) => ({
            job_name,
            honor_labels: true, // like cAdvisor, which names the containers itself
            static_configs: targets
                .filter(({ job }) => job === job_name)
                .map(({ url, labels }) => ({ targets: [new URL(url).host], labels })),
        }));
        const global = { scrape_interval: "1s", scrape_timeout: "900ms" };
        writeFileSync(file, JSON.stringify({ global, scrape_configs })); // JSON is YAML
        const address = `127.0.0.1:${await freePort()}`;
        const options = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, "data")}`];
        const child = spawn(program, [...options, `--web.listen-address=${address}`], { stdio: "ignore" });
        return new PrometheusServer(`http://${address}`, child, folder);
    }

    /** Ends it at once, like a node failure. */
    async kill(): Promise<void> {
        if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
        this.#child.kill("SIGKILL");
        await once(this.#child, "exit");
    }

    async stop(): Promise<void> {
        await this.kill();
        rmSync(this.#folder, { recursive: true, force: true });
    }
}
