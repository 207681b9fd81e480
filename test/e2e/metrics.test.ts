import assert from "node:assert/strict";
import type { ContainerMetrics, Results } from "../../model/results.ts";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost, type Running } from "../support/command.ts";
import { eventually, finishedTrials, minutes, newestResults, sandboxClients, shortRun } from "./support.ts";

const namespace = "hopcost-metrics";
/** One arm of each topology. */
const oneOfEach = {
    "hopcost:namespace": namespace,
    "hopcost:cpuRequest": shortRun["hopcost:cpuRequest"],
    "hopcost:arms": "network/pod-ip, volume/fs-watch",
    "hopcost:maxRounds": 1,
    "hopcost:rounds": 1,
};
const roles = ["reader", "receiver", "sender", "writer"];

describe("metrics on the sandbox", function () {
    this.timeout(minutes(8));
    let folder = "";

    before(async () => void (await sandboxUp(() => {})));
    beforeEach(() => {
        folder = checkoutWith(oneOfEach);
    });
    afterEach(() => removeCheckout(folder));

    const resultsOf = async (running: Running): Promise<Results> => {
        const { code, stderr } = await running.ended;
        assert.equal(code, 0, stderr);
        return newestResults(folder);
    };
    /** A container's figures, for the message of a failed test. */
    const told = (container: ContainerMetrics) => JSON.stringify(container);

    describe("with clusterMetrics, in trials of 36 s", () => {
        let results: Results;
        let targets: { health: string; lastError: string; scrapePool: string; labels: Record<string, string> }[] = [];

        it("reach every target during the run, as `hopcost metrics` shows", async () => {
            setConfig(folder, {
                "hopcost:clusterMetrics": true,
                // With similar CPU time: cAdvisor reads a trial at only two moments, not at its ends.
                "hopcost:ablationSizes": "64 B, 1 KiB, 4 KiB",
                "hopcost:warmupSeconds": 1,
                "hopcost:cellSeconds": 12,
            });
            const running = hopcost(folder, "run");
            const looking = await Promise.race([forwarded(), running.ended.then(({ stderr }) => assert.fail(stderr))]);
            targets = await eventually("all targets to be healthy", 60, async () => {
                const response = await fetch(`${looking.url}/api/v1/targets?state=active`);
                const { data } = (await response.json()) as { data: { activeTargets: typeof targets } };
                const found = data.activeTargets;
                return found.length >= 6 && found.every(({ health }) => health === "up") ? found : undefined;
            });
            const shown = hopcost(folder, "metrics");
            const page = /^Prometheus: (http:\/\/127\.0\.0\.1:\d+\/user\/graph\.html) /.exec(
                (await shown.firstLine) ?? "",
            );
            assert.equal((await fetch(page?.[1] ?? "no page")).status, 200);
            process.kill(shown.pid, "SIGINT");
            process.kill(looking.pid, "SIGINT");
            assert.equal((await looking.ended).code, 0);
            results = await resultsOf(running);
            const scraped = targets.filter(({ scrapePool }) => scrapePool === "workloads");
            assert.deepEqual(scraped.map(({ labels }) => labels.container).sort(), [
                "reader",
                "receiver",
                "sender",
                "writer",
            ]);
        });

        it("agree with the cgroups on CPU time within 10%", () => {
            const { metrics = [] } = results;
            assert.deepEqual(metrics.map(({ role }) => role).sort(), roles);
            for (const container of metrics) {
                const { cpuDeviation, cpuCores, memoryPeakBytes } = container;
                assert.ok(typeof cpuDeviation === "number" && Math.abs(cpuDeviation) <= 0.1, told(container));
                assert.ok(typeof cpuCores === "number" && cpuCores > 0.01, told(container));
                assert.ok(typeof memoryPeakBytes === "number" && memoryPeakBytes > 2 ** 20, told(container));
            }
            const sender = metrics.find(({ role }) => role === "sender");
            assert.ok(sender && typeof sender.networkSendBytesPerSecond === "number");
            assert.ok(sender.networkSendBytesPerSecond > 2 ** 20, told(sender));
        });

        // They read at their own times, so they can lack a single container.
        it("have cAdvisor and the metrics API as additional witnesses", () => {
            for (const [witness, bound] of [
                ["cadvisorDeviation", 0.25],
                ["apiDeviation", 0.5],
            ] as const) {
                const known = (results.metrics ?? []).filter((container) => typeof container[witness] === "number");
                assert.ok(known.length > 0, `${witness}: ${(results.metrics ?? []).map(told).join("\n")}`);
                for (const container of known)
                    assert.ok(Math.abs(container[witness] as number) < bound, told(container));
            }
        });

        it("leave nothing behind outside the namespace", async () => {
            const labelSelector = "app.kubernetes.io/part-of=hopcost";
            const { items } = await sandboxClients().rbac.listClusterRole({ labelSelector });
            const names = items.map(({ metadata }) => metadata?.name ?? "");
            assert.deepEqual(
                names.filter((name) => name.includes(namespace)),
                [],
            );
        });
    });

    it("are unavailable if Prometheus is killed during the run, which still completes", async () => {
        setConfig(folder, { "hopcost:sizes": "64 B, 64 KiB", "hopcost:rounds": 4, "hopcost:maxRounds": 4 });
        const running = hopcost(folder, "run");
        await finishedTrials(2, namespace);
        const labelSelector = "app.kubernetes.io/component=prometheus";
        await sandboxClients().apps.deleteCollectionNamespacedDeployment({ namespace, labelSelector });
        const results = await resultsOf(running);
        assert.equal(results.complete, true);
        assert.equal(results.trials.ok + results.trials.noisy, 8);
        const trials = (results.metrics ?? []).map((container) => container.trials);
        assert.ok(Math.max(...trials) < 4, `figures of ${trials} trials of 4`);
    });

    /** Output of `hopcost metrics`, as soon as Prometheus is there. */
    const forwarded = () =>
        eventually("hopcost metrics to reach Prometheus", 120, async () => {
            const running = hopcost(folder, "metrics", "--json");
            const first = await Promise.race([running.firstLine, running.ended.then(() => undefined)]);
            if (first === undefined) return undefined;
            return { ...running, url: (JSON.parse(first) as { prometheus: string }).prometheus };
        });
});
