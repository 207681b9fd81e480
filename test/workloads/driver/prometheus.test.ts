import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { parseTrial } from "../../../model/parse.ts";
import type { Reading } from "../../../model/reading.ts";
import type { Counters, Scraped, Trial } from "../../../model/trial.ts";
import { usageBetween } from "../../../statistics/usage.ts";
import { Prometheus } from "../../../workloads/driver/prometheus.ts";
import type { Witnessed } from "../../../workloads/driver/witnesses.ts";
import { buildMs } from "../../support/build-limit.ts";
import { DriverRig, podOf } from "../support/driver-rig.ts";
import { freePort } from "../support/processes.ts";
import { PrometheusServer } from "../support/prometheus-server.ts";

/** One short trial of an arm. */
const short = { arms: ["network/cluster-ip"], rounds: 1, maxRounds: 1, sizes: [64] } as const;
const metricsOf = ({ containers }: Trial): Witnessed[] =>
    containers.map(({ metrics }) => {
        assert.ok(metrics);
        return metrics;
    });
const scrapedOf = (trial: Trial): Reading<Scraped>[] => metricsOf(trial).map(({ prometheus }) => prometheus);

/** Serves until stopped, and counts the requests. */
async function serving(answer: RequestListener) {
    let requests = 0;
    const server = createServer((request, response) => {
        requests += 1;
        answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const stop = () => {
        server.closeAllConnections();
        server.close();
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, stop, requests: () => requests };
}

/** CPUs that the network containers use according to cAdvisor. */
const cores = { sender: 0.5, receiver: 0.25 };

/** A cAdvisor that has read both network containers every 2 s, with the times of the readings. */
const cadvisor: RequestListener = (_request, response) => {
    const seconds = Math.floor(Date.now() / 2000) * 2;
    const lines = (["sender", "receiver"] as const).map((role) => {
        const labels = `namespace="test",pod="${podOf[role]}",container="${role}",cpu="total"`;
        return `container_cpu_usage_seconds_total{${labels}} ${seconds * cores[role]} ${seconds * 1000}\n`;
    });
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(lines.join(""));
};

describe("the driver beside Prometheus", function () {
    this.timeout(60_000);
    let rig: DriverRig;
    let kubelet: Awaited<ReturnType<typeof serving>>;
    let prometheus: PrometheusServer;
    before(async function () {
        this.timeout(buildMs);
        [rig, kubelet] = await Promise.all([DriverRig.start(), serving(cadvisor)]);
        // Writer and reader aren't scraped.
        const workloads = (["sender", "receiver"] as const).map((container) => ({
            ...{ job: "workloads", url: rig.servers[container].url },
            labels: { pod: podOf[container], container },
        }));
        prometheus = await PrometheusServer.start([...workloads, { job: "cadvisor", url: kubelet.url, labels: {} }]);
    });
    after(async () => {
        await prometheus?.stop();
        kubelet?.stop();
        await rig?.stop();
    });
    beforeEach(() => {
        rig.api.podMetrics = undefined;
    });

    it("waits for scrapes, then stores Prometheus' figures of a trial, which agree with the cgroups", async () => {
        const now = () => new Date(Date.now() - 2000).toISOString().replace(/\.\d+/, "");
        rig.api.podMetrics = () => [
            {
                metadata: { name: podOf.sender, labels: { "app.kubernetes.io/part-of": "hopcost" } },
                ...{ timestamp: now(), window: "5s" },
                containers: [{ name: "sender", usage: { cpu: "250m", memory: "64Mi" } }],
            },
        ];
        const plan = rig.plan({
            ...short,
            sizes: [64, 2 ** 16, 2 ** 20, 2 ** 24],
            cellSeconds: 2.6,
        });
        const driver = rig.driver({ ...plan, prometheusUrl: prometheus.url });
        assert.equal(await driver.ended(), 0, driver.output);
        assert.doesNotMatch(driver.output, /no longer waiting|continuing without/);
        const [trial] = rig.trials(plan.runId);
        assert.ok(trial?.window);
        parseTrial(JSON.stringify(trial), { runId: plan.runId });
        const seconds = trial.window.endSeconds - trial.window.startSeconds;
        assert.ok(seconds > 10 && seconds < trial.seconds, `${seconds} of ${trial.seconds} s`);
        for (const [index, { before, after }] of trial.containers.entries()) {
            const { prometheus: scraped } = metricsOf(trial)[index] as Witnessed;
            assert.ok(!("unavailable" in scraped), JSON.stringify(scraped));
            assert.ok(scraped.scrapes >= 9 && scraped.seconds >= 8, JSON.stringify(scraped));
            const { cpuSeconds } = usageBetween(before, after);
            agrees(scraped.cpuSeconds, cpuSeconds, 0.1);
            agrees(scraped.cadvisorCpuSeconds, seconds * (Object.values(cores)[index] as number), 0.01);
            const { memoryBytes } = after;
            assert.equal(typeof scraped.memoryPeakBytes, typeof memoryBytes);
            if (typeof memoryBytes === "number") assert.ok(Number(scraped.memoryPeakBytes) >= 2 ** 20);
            // Nothing is said of the network: its counters are the machine's, and fall when an interface goes.
        }
        assert.deepEqual(
            metricsOf(trial).map(({ api }) => api),
            [
                { windowSeconds: 5, cpuCores: 0.25, memoryBytes: 64 * 2 ** 20 },
                { unavailable: `the metrics API has no figures of container receiver in Pod ${podOf.receiver}` },
            ],
        );
    });

    it("reports missing figures of a trial that is too short, and of containers that aren't scraped", async () => {
        const plan = rig.plan({ ...short, arms: [...short.arms, "volume/fs-watch"], sizes: [64] });
        const { exit, log } = await rig.drive({ ...plan, prometheusUrl: prometheus.url }, 1);
        assert.equal(exit, 0, log.join("\n"));
        const missing = `writer (Pod ${podOf.writer}), reader (Pod ${podOf.reader})`;
        assert.equal(
            log.find((line) => line.startsWith("Prometheus")),
            `Prometheus has not scraped ${missing} 2 times, for 1 s; no longer waiting`,
        );
        for (const trial of rig.trials(plan.runId)) {
            for (const scraped of scrapedOf(trial)) {
                assert.match(
                    JSON.stringify(scraped),
                    /"[0-2] scrapes over [01]\.\d s of a \d\.\d s trial; at least 3 over half of the trial are needed"/,
                );
            }
            for (const { api } of metricsOf(trial)) {
                assert.match(JSON.stringify(api), /the cluster has no metrics API \(metrics\.k8s\.io\/v1beta1\)/);
            }
        }
        assert.equal(rig.results(plan.runId).complete, "true");
    });

    it("completes if Prometheus is killed during the run, and keeps the figures until then", async () => {
        const plan = rig.plan({
            ...short,
            rounds: 2,
            maxRounds: 2,
            sizes: [64],
            cellSeconds: 4,
        });
        const driver = rig.driver({ ...plan, prometheusUrl: prometheus.url });
        await rig.untilTrials(plan.runId, 1);
        await prometheus.kill();
        await untilSays(`${rig.servers.sender.url}/metrics`, 'hopcost_current_trial{arm="network/cluster-ip"} 1');
        assert.equal(await driver.ended(), 0, driver.output);
        const [first, second] = rig.trials(plan.runId).map(scrapedOf);
        const reason = `no answer from Prometheus at ${prometheus.url} (connect ECONNREFUSED ${new URL(prometheus.url).host})`;
        for (const scraped of first ?? []) assert.ok(!("unavailable" in scraped), JSON.stringify(scraped));
        assert.deepEqual(second, Array(2).fill({ unavailable: reason }));
        assert.match(driver.output, /Prometheus: no answer .*; continuing without its figures/);
        assert.equal(rig.results(plan.runId).complete, "true");
    });

    it("continues without a Prometheus that never starts", async () => {
        const url = `http://127.0.0.1:${await freePort()}`;
        const plan = rig.plan({ ...short, sizes: [64], prometheusUrl: url });
        const { exit, log } = await rig.drive(plan, 1);
        assert.equal(exit, 0, log.join("\n"));
        const reason = `no answer from Prometheus at ${url} (connect ECONNREFUSED ${new URL(url).host})`;
        assert.ok(log.includes(`${reason}, for 1 s; no longer waiting`), log.join("\n"));
        assert.deepEqual(rig.trials(plan.runId).map(scrapedOf), [Array(2).fill({ unavailable: reason })]);
    });

    it("asks a Prometheus that never answers three times, for 2 s each", async () => {
        const hanging = await serving(() => {});
        const plan = rig.plan({ ...short, sizes: [64], rounds: 4, maxRounds: 4 });
        const { exit, log } = await rig.drive({ ...plan, prometheusUrl: hanging.url }, 0);
        hanging.stop();
        assert.equal(exit, 0, log.join("\n"));
        const late = `no answer from Prometheus at ${hanging.url} within 2 s`;
        const silent = `backing off after 3 failures, the last: ${late}`;
        assert.deepEqual(
            rig.trials(plan.runId).map(scrapedOf),
            [late, late, late, silent].map((unavailable) => [{ unavailable }, { unavailable }]),
        );
        assert.equal(hanging.requests(), 1 + 3 * 2, "once before the first trial, then for both containers");
    });

    it("asks neither Prometheus nor the metrics API in a run without metrics", async () => {
        const plan = rig.plan({ ...short, sizes: [64] });
        rig.api.requests.length = 0;
        rig.api.podMetrics = () => [];
        const { exit } = await rig.drive(plan, 30);
        assert.equal(exit, 0);
        const [trial] = rig.trials(plan.runId);
        assert.ok(trial?.window && trial.containers.every((container) => !("metrics" in container)));
        assert.ok(!rig.api.requests.some((request) => request.includes("metrics")));
    });

    for (const [what, status, body, said] of [
        ["a foreign page", 200, "<html>hello</html>", "200, not samples: <html>hello</html>"],
        ["a truncated answer", 200, '{"status":"succ', '200, not samples: {"status":"succ'],
        ["nothing", 200, "", "200, not samples: nothing"],
        [
            "another kind of answer",
            200,
            '{"status":"success","data":{"resultType":"vector","result":[]}}',
            '200, not samples: {"status":"success","data":{"resultType":"vector","result":[]}}',
        ],
        [
            "invalid samples",
            200,
            '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,2]]}]}}',
            '200, not samples: {"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,2]]}]}}',
        ],
        ["an error", 503, "Service Unavailable\n", "503, Service Unavailable"],
        ["a failure with samples", 500, '{"status":"success","data":{"resultType":"matrix","result":[]}}', "500, {"],
    ] as const) {
        it(`shows the answer if Prometheus answers with ${what}`, async () => {
            const broken = await serving((_request, response) => response.writeHead(status).end(body));
            const client = new Prometheus(`${broken.url}/`, new AbortController().signal);
            const asked = client.scraped({ pod: "a", container: "b" }, { startSeconds: 1, endSeconds: 11 });
            await assert.rejects(asked, ({ message }: Error) => {
                assert.ok(message.startsWith(`Prometheus at ${broken.url} answered ${said}`), message);
                return true;
            });
            await client.close();
            broken.stop();
        });
    }
});

/** Waits until the page at this URL contains this text. */
async function untilSays(url: string, text: string): Promise<void> {
    while (!(await (await fetch(url)).text()).includes(text)) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Whether both are figures within this relative tolerance, or neither is a figure. */
function agrees(found: Reading<number>, expected: Counters["cpuSeconds"], tolerance: number): void {
    if (typeof expected !== "number") {
        assert.equal(typeof found, "object");
        return;
    }
    const what = `${JSON.stringify(found)}, expected ${expected}`;
    assert.ok(Math.abs(Number(found) - expected) <= tolerance * expected, what);
}
