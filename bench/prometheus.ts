import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { metricsPath, scrapeSeconds } from "../model/metric-names.ts";
import { prometheusPrograms } from "../sandbox/images/prometheus.ts";
import type { Say } from "../sandbox/say.ts";

/**
 * Starts a real Prometheus that scrapes agents like MetricsStack's: as often, and on at most one core. Resolves once
 * each agent was scraped twice.
 * @param agents base URLs of the agents
 * @param port port it listens on
 * @param scratch parent of its folder
 * @returns a function that stops it
 * @throws Error if it hasn't scraped them within 30 s
 */
export async function startPrometheus(
    agents: readonly string[],
    port: number,
    scratch: string,
    say: Say,
): Promise<() => Promise<void>> {
    const program = join(await prometheusPrograms(say), "prometheus");
    const folder = mkdtempSync(join(scratch, "prometheus-"));
    const config = join(folder, "prometheus.yml");
    writeFileSync(config, JSON.stringify(configOf(agents))); // JSON is YAML
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${folder}`, `--web.listen-address=127.0.0.1:${port}`];
    const child = spawn(program, args, { env: { ...process.env, GOMAXPROCS: "1" }, stdio: "ignore" });
    const ended = once(child, "exit");
    const stop = async () => {
        child.kill("SIGKILL");
        await ended;
        rmSync(folder, { recursive: true });
    };
    const deadline = performance.now() + 30_000;
    while ((await scraped(port)) < agents.length) {
        if (child.exitCode !== null || performance.now() > deadline) {
            const how = child.exitCode === null ? "has not scraped both ends in 30 s" : "ended";
            await stop();
            throw new Error(`${program} on port ${port} ${how}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return stop;
}

function configOf(agents: readonly string[]) {
    const targets = agents.map((url) => new URL(url).host);
    return {
        global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${scrapeSeconds}s` },
        scrape_configs: [{ job_name: "workloads", metrics_path: metricsPath, static_configs: [{ targets }] }],
    };
}

/** Number of targets that have answered at least twice. */
async function scraped(port: number): Promise<number> {
    const query = encodeURIComponent("count(sum_over_time(up[1m]) >= 2)");
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${query}`;
    const response = await fetch(url).catch(() => undefined); // refused until it listens
    if (!response?.ok) return 0;
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1] ?? 0);
}
